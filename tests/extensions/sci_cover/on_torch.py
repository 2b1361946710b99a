import torch
from torch.nn import functional


class TokenMean:
    def __init__(self, config, heads):
        (self.head,) = heads

    def __call__(self, outputs, batch):
        logits, below = outputs[self.head], batch["target.below"]
        total = functional.cross_entropy(logits.transpose(1, 2), below, ignore_index=-1, reduction="sum")
        return total / self.mass(batch).clamp(min=1)

    def mass(self, batch):
        return torch.count_nonzero(batch["target.below"] >= 0)

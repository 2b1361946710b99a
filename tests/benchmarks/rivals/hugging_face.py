"""The Trainer of transformers, with logging, checkpoints, clipping and the progress bar off."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import Dataset
from transformers import Trainer, TrainerCallback, TrainingArguments
from turns import Turns

from rivals.torch_models import model, rows

turns = Turns()
work, inputs, target = rows()


class Rows(Dataset):
    """One row after the other, as a mapping."""

    def __len__(self) -> int:
        return work.rows

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {**{name: values[index] for name, values in inputs.items()}, "labels": target[index]}


class WithLoss(nn.Module):
    """The model as the Trainer wants it."""

    accepts_loss_kwargs = False

    def __init__(self) -> None:
        super().__init__()
        self.network = model(work)

    def forward(self, labels: torch.Tensor, **values: torch.Tensor) -> dict[str, torch.Tensor]:
        logits = self.network(**values)
        return {"loss": functional.cross_entropy(logits, labels), "logits": logits}


class Alternating(TrainerCallback):
    """Waits between epochs."""

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        turns.next()

    def on_epoch_end(self, *_: Any, **__: Any) -> None:
        turns.next()


settings = TrainingArguments(
    output_dir="hugging-face",
    num_train_epochs=1_000_000,
    per_device_train_batch_size=work.batch_size,
    learning_rate=1e-3,
    lr_scheduler_type="constant",
    weight_decay=0.01,
    max_grad_norm=0.0,
    logging_strategy="no",
    save_strategy="no",
    report_to=[],
    disable_tqdm=True,
    use_cpu=True,
    remove_unused_columns=False,
)
Trainer(model=WithLoss(), args=settings, train_dataset=Rows(), callbacks=[Alternating()]).train()

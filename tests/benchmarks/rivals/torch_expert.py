"""The loop of an expert: rows indexed as whole tensors, fused AdamW, nothing read from a step."""

from __future__ import annotations

import torch
from torch.nn import functional
from turns import Turns

from rivals.torch_models import model, rows

turns = Turns()
work, inputs, target = rows()
network = model(work)
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
network.train()
turns.next()
while True:
    total = torch.zeros(())
    for index in torch.randperm(work.rows).split(work.batch_size):
        loss = functional.cross_entropy(
            network(**{name: values[index] for name, values in inputs.items()}), target[index]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach()
    print(total.item())
    turns.next()

"""The loop of PyTorch's tutorials: TensorDataset, DataLoader, AdamW as it comes, the loss of each step read."""

from __future__ import annotations

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from turns import Turns

from rivals.torch_models import model, rows

turns = Turns()
work, inputs, target = rows()
network = model(work)
loader = DataLoader(TensorDataset(*inputs.values(), target), batch_size=work.batch_size, shuffle=True)
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
network.train()
turns.next()
while True:
    total = 0.0
    for *values, wanted in loader:
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(*values), wanted)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(total)
    turns.next()

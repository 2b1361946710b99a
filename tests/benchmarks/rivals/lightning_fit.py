"""Lightning's Trainer, with logging, checkpoints, summary and the progress bar off."""

from __future__ import annotations

from typing import Any

import lightning
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from turns import Turns

from rivals.torch_models import model, rows

turns = Turns()
work, inputs, target = rows()


class Module(lightning.LightningModule):
    """The model as Lightning wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.network = model(work)

    def training_step(self, batch: Any, position: int) -> torch.Tensor:
        *values, wanted = batch
        return functional.cross_entropy(self.network(*values), wanted)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=1e-3)


class Alternating(lightning.Callback):
    """Waits between epochs."""

    def on_train_start(self, *_: Any) -> None:
        turns.next()

    def on_train_epoch_end(self, *_: Any) -> None:
        turns.next()


trainer = lightning.Trainer(
    max_epochs=-1,
    accelerator="cpu",
    devices=1,
    logger=False,
    enable_checkpointing=False,
    enable_progress_bar=False,
    enable_model_summary=False,
    callbacks=[Alternating()],
)
trainer.fit(Module(), DataLoader(TensorDataset(*inputs.values(), target), batch_size=work.batch_size, shuffle=True))

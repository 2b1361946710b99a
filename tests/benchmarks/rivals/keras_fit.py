"""Keras: compile and fit."""

from __future__ import annotations

from typing import Any

import keras
from turns import Turns

from rivals.keras_models import model, rows

turns = Turns()
work, values, target = rows()


class Alternating(keras.callbacks.Callback):
    """Waits between epochs."""

    def on_train_begin(self, logs: Any = None) -> None:
        turns.next()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        turns.next()


network = model(work)
network.compile(
    optimizer=keras.optimizers.AdamW(1e-3, weight_decay=0.01),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
network.fit(values, target, batch_size=work.batch_size, epochs=1_000_000, verbose=0, callbacks=[Alternating()])

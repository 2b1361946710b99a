"""The models of the workloads as one writes them in Keras, and their rows."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from workloads import Workload, load


def rows() -> tuple[Workload, np.ndarray, np.ndarray]:
    """The workload, values and target of all training rows."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(0)
    return load()


def model(work: Workload) -> Any:
    """The model; class scores come out."""
    layers: list[Any] = []
    if work.kind == "mlp":
        layers = [keras.layers.Input((work.size,))]
        layers += [keras.layers.Dense(units, activation="relu") for units in work.layers]
    else:
        layers = [keras.layers.Input((work.size, work.size, 1))]
        for channels in work.layers:
            layers += [
                keras.layers.Conv2D(channels, 3, padding="same", use_bias=False),
                keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
                keras.layers.ReLU(),
                keras.layers.MaxPooling2D(2),
            ]
        layers += [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu")]
    return keras.Sequential([*layers, keras.layers.Dense(work.classes)])

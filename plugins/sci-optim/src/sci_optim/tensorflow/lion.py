"""Lion."""

from __future__ import annotations

import tensorflow as tf

from sci_optim.config import LionConfig
from sci_optim.tensorflow.optimizer import DecayOptimizer, subtract


class Lion(DecayOptimizer[LionConfig]):
    """As `sci_optim.lion.Lion`."""

    slots = ("mean",)

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        first, second = self.config.betas
        mean = self.kept["mean"][name]
        self.shrink(name, parameter, factors[0])
        subtract(parameter, factors[0], tf.sign(first * mean + (1 - first) * gradient))
        mean.assign(second * mean + (1 - second) * gradient)

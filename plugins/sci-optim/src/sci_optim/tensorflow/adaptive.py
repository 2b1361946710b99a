"""Optimizers that divide the gradient by a measure of its own size."""

from __future__ import annotations

import tensorflow as tf

from sci_optim.config import AdagradConfig, RmspropConfig
from sci_optim.tensorflow.optimizer import DecayOptimizer, subtract


class Adagrad(DecayOptimizer[AdagradConfig]):
    """As `sci_optim.adaptive.Adagrad`."""

    slots = ("sum",)

    def first(self) -> float:
        return self.config.initial_accumulator

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        tf.raw_ops.ResourceApplyAdagradV2(
            var=parameter.handle,
            accum=self.kept["sum"][name].handle,
            lr=factors[0],
            epsilon=tf.constant(self.config.epsilon, parameter.dtype),
            grad=self.decayed(name, parameter, gradient),
            update_slots=True,
        )


class Rmsprop(DecayOptimizer[RmspropConfig]):
    """As `sci_optim.adaptive.Rmsprop`; TensorFlow's own kernel has epsilon inside the root."""

    slots = ("square", "velocity")

    def slot_names(self) -> tuple[str, ...]:
        return self.slots if self.config.momentum else self.slots[:1]

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        gradient = self.decayed(name, parameter, gradient)
        square = self.kept["square"][name]
        mean = square.assign(self.config.alpha * square + (1 - self.config.alpha) * tf.square(gradient))
        direction = gradient / (tf.sqrt(mean) + self.config.epsilon)
        if self.config.momentum:
            velocity = self.kept["velocity"][name]
            direction = velocity.assign(self.config.momentum * velocity + direction)
        subtract(parameter, factors[0], direction)

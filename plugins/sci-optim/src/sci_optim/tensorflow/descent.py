"""Gradient descent, plain and with momentum."""

from __future__ import annotations

import tensorflow as tf

from sci_optim.config import GradientDescentConfig, SgdConfig
from sci_optim.tensorflow.optimizer import DecayOptimizer, Optimizer, subtract


class GradientDescent(Optimizer[GradientDescentConfig]):
    """``w <- w - rate g``."""

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        subtract(parameter, factors[0], gradient)


class Sgd(DecayOptimizer[SgdConfig]):
    """Gradient descent with momentum, as `sci_optim.descent.Sgd`; also `momentum` and `nesterov`."""

    slots = ("velocity",)

    def slot_names(self) -> tuple[str, ...]:
        return self.slots if self.config.momentum else ()

    def factors(self, rate: tf.Tensor, steps: tf.Tensor, dtype: tf.DType) -> tuple[tf.Tensor, ...]:
        taken = 1 - self.config.dampening
        return rate, tf.where(tf.equal(steps, 1), tf.ones_like(rate), taken * tf.ones_like(rate))

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        rate, taken = factors
        gradient = self.decayed(name, parameter, gradient)
        if not self.config.momentum:
            subtract(parameter, rate, gradient)
            return
        tf.raw_ops.ResourceApplyMomentum(
            var=parameter.handle,
            accum=self.kept["velocity"][name].handle,
            lr=rate,
            grad=taken * gradient if self.config.dampening else gradient,
            momentum=tf.constant(self.config.momentum, parameter.dtype),
            use_nesterov=self.config.nesterov,
        )

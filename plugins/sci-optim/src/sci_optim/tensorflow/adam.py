"""Adam, and AdamW with its decay apart from the gradient."""

from __future__ import annotations

from typing import TypeVar

import tensorflow as tf

from sci_optim.config import AdamConfig, AdamWConfig
from sci_optim.tensorflow.optimizer import DecayOptimizer

Moments = TypeVar("Moments", bound=AdamConfig)


class _Adam(DecayOptimizer[Moments]):
    slots = ("mean", "square")

    def factors(self, rate: tf.Tensor, steps: tf.Tensor, dtype: tf.DType) -> tuple[tf.Tensor, ...]:
        """The rate, the rate over the bias of the mean times that of the root, and epsilon times the latter.

        TensorFlow's kernel adds epsilon to the root before its bias is corrected; scaled like this it comes after. The
        betas are rounded, because the kernel weighs gradients by one minus the rounded number.
        """
        betas = (tf.constant(float(dtype.as_numpy_dtype(beta)), tf.float64) for beta in self.config.betas)
        first, second = (1 - tf.pow(beta, steps) for beta in betas)
        root = tf.sqrt(second)
        return rate, rate * root / first, self.config.epsilon * root

    def descend(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        _, rate, epsilon = factors
        none = tf.constant(0, parameter.dtype)  # the bias is corrected by the factors, whose precision is higher
        tf.raw_ops.ResourceApplyAdam(
            var=parameter.handle,
            m=self.kept["mean"][name].handle,
            v=self.kept["square"][name].handle,
            beta1_power=none,
            beta2_power=none,
            lr=rate,
            beta1=tf.constant(self.config.betas[0], parameter.dtype),
            beta2=tf.constant(self.config.betas[1], parameter.dtype),
            epsilon=epsilon,
            grad=gradient,
        )


class Adam(_Adam[AdamConfig]):
    """As `sci_optim.adam.Adam`."""

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        self.descend(name, parameter, self.decayed(name, parameter, gradient), *factors)


class AdamW(_Adam[AdamWConfig]):
    """As `sci_optim.adam.AdamW`."""

    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        self.shrink(name, parameter, factors[0])
        self.descend(name, parameter, gradient, *factors)

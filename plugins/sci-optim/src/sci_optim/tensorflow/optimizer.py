"""What the optimizers of engine tensorflow share: variables beside the parameters, updated inside a graph."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import tensorflow as tf

from sci_optim.config import DecayConfig, OptimizerConfig

Config = TypeVar("Config", bound=OptimizerConfig)


class Optimizer(abc.ABC, Generic[Config]):
    """A native optimizer of engine tensorflow.

    Args:
        config: its settings.
        parameters: names and variables, of TensorFlow or of Keras on it; the variables keep their dtype.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the variables kept beside each parameter."""

    def __init__(self, config: Config, parameters: Sequence[tuple[str, Any]]) -> None:
        self.config = config
        self.parameters = {name: native(parameter) for name, parameter in parameters}
        self.steps = tf.Variable(0, dtype=tf.int64, trainable=False, name="steps")
        self.kept = {
            slot: {name: self._slot(parameter) for name, parameter in self.parameters.items()}
            for slot in self.slot_names()
        }

    def slot_names(self) -> tuple[str, ...]:
        """Names of the slots that these settings need."""
        return self.slots

    def first(self) -> float:
        """What the slots start with."""
        return 0.0

    def _slot(self, parameter: tf.Variable) -> tf.Variable:
        with tf.device(parameter.device):
            return tf.Variable(tf.fill(parameter.shape, tf.constant(self.first(), parameter.dtype)), trainable=False)

    @property
    def variables(self) -> Mapping[str, tf.Variable]:
        """Everything that the next update depends on but the parameters: ``<slot>/<parameter>`` and ``steps``."""
        slots = {f"{slot}/{name}": variable for slot, of in self.kept.items() for name, variable in of.items()}
        return {**slots, "steps": self.steps}

    def apply(self, gradients: Sequence[Any], rate: tf.Tensor) -> None:
        """One update; `rate` multiplies the learning rate.

        Call it inside a graph, loops included. `gradients` are in the order of the parameters: tensors, or slices of
        rows (`tf.IndexedSlices`), and None for a parameter that is to be left alone.
        """
        rate = tf.cast(tf.convert_to_tensor(rate, dtype_hint=tf.float64), tf.float64) * self.config.learning_rate
        steps = tf.cast(self.steps.assign_add(1), tf.float64)
        rounded: dict[tf.DType, list[tf.Tensor]] = {}
        for (name, parameter), gradient in zip(self.parameters.items(), gradients, strict=True):
            if gradient is None:
                continue
            dtype = parameter.dtype
            if dtype not in rounded:
                rounded[dtype] = [tf.cast(factor, dtype) for factor in self.factors(rate, steps, dtype)]
            self.update(name, parameter, dense(gradient, parameter), *rounded[dtype])

    def factors(self, rate: tf.Tensor, steps: tf.Tensor, dtype: tf.DType) -> tuple[tf.Tensor, ...]:
        """What parameters of this dtype are given beside their gradients, in float64 as `rate` and `steps` (from 1)."""
        return (rate,)

    @abc.abstractmethod
    def update(self, name: str, parameter: tf.Variable, gradient: tf.Tensor, *factors: tf.Tensor) -> None:
        """Update one parameter in place; `factors` are in its dtype."""


Decaying = TypeVar("Decaying", bound=DecayConfig)


class DecayOptimizer(Optimizer[Decaying]):
    """An optimizer with weight decay."""

    def decayed(self, name: str, parameter: tf.Variable, gradient: tf.Tensor) -> tf.Tensor:
        """The gradient of the loss with ``weight_decay / 2`` times the squared norm of the parameter added."""
        decay = self.config.decay_of(name)
        return gradient + decay * parameter if decay else gradient

    def shrink(self, name: str, parameter: tf.Variable, rate: tf.Tensor) -> None:
        """``w <- w - rate weight_decay w``."""
        decay = self.config.decay_of(name)
        if decay:
            subtract(parameter, rate * decay, parameter)


def native(parameter: Any) -> tf.Variable:
    """TensorFlow's variable inside a variable of Keras, or the variable itself."""
    return parameter if isinstance(parameter, tf.Variable) else parameter.value


def dense(gradient: Any, parameter: tf.Variable) -> tf.Tensor:
    """The gradient of the whole parameter; slices of the same row are added up, rows without one are zero."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    return tf.math.unsorted_segment_sum(gradient.values, gradient.indices, parameter.shape[0])


def subtract(parameter: tf.Variable, rate: tf.Tensor, direction: Any) -> None:
    """``w <- w - rate d`` in one kernel."""
    tf.raw_ops.ResourceApplyGradientDescent(var=parameter.handle, alpha=rate, delta=direction)

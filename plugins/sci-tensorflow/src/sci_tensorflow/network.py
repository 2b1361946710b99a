"""What a model of engine tensorflow is, and what it finds in a batch."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from sci.api import ConfigError
from sci_tensorflow.block import Block, weights_of
from sci_tensorflow.runtime import tf
from sci_tensorflow.weights import Weight

Tensors: TypeAlias = Mapping[str, Any]
"""Key of a batch, or head, to TensorFlow's tensor."""


class Network(Block, abc.ABC):
    """A model of engine tensorflow, made by a target ``(config, inputs: Schema, heads, seed)``.

    It is a block of Keras layers, whose weights and random state are all that is saved. It may also have

    * ``parameter_groups() -> {group: [(name, variable)]}``, where several optimizers train it;
    * ``penalty() -> scalar | None``, added once to the loss of each update;
    * ``fit(batch) -> None``, which sets the weights from all rows at once; its component then has the trait
      ``fit-once``;
    * ``training_step(batch, {group: optimizer}, step) -> loss``, which computes gradients and calls
      ``optimizer.apply(gradients, step.rate)`` itself (adversarial training); its component then has the trait
      ``own-step``. `step` has `number`, `epoch` and `rate`, as tensors;
    * ``predict_step(batch, options) -> {head: tensor}``, where predicting is more than calling it (beam search). It
      is not given the targets; the validation loss still comes from calling the network with them;
    * ``begin(feed) -> [str]``, called once with the training rows before the first update, and never when a trained
      network is restored: it sets what comes from files or is counted in the rows, and returns what is worth saying;
    * ``adopt(saved, own) -> {name: array}``, where `pretrained` may name weights that are called otherwise: those of
      `saved` under the names of `own`, which maps the network's weights to their shapes;
    * ``lookups: {key: layer}``, the layer that gives the vectors for the codes under a key of the batch. It is needed
      only where an `Embedding` or a `Categories` is not called with the very tensor of the batch: derivatives by tokens
      and categories are taken by these vectors;
    * ``check(batch) -> None``, called with the arrays of a batch before they reach a graph; raises `DataError` for
      what the network cannot read.

    All but `fit` and `check` are traced into graphs without AutoGraph: what depends on a tensor's value is said with
    `tf.cond` and `tf.while_loop`. First weights come from `sci_tensorflow.api.initialize`, from the seed and the
    weights' names alone.
    """

    pretrained: str | None = None
    """Where its weights come from when training starts; the engine sets it from the model's settings."""

    @abc.abstractmethod
    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        """What the network emits for each head; rows are the first axis, ``<head>.length`` beside a ragged one."""

    @cached_property
    def weights(self) -> list[Weight]:
        """Everything that is saved, under canonical names."""
        return weights_of(self)

    @cached_property
    def frozen(self) -> set[str]:
        """Canonical names of weights that do not learn; `model.freeze` adds to them."""
        return set()

    @cached_property
    def functions(self) -> dict[Any, Callable[..., Any]]:
        """Graphs that the engine has traced."""
        return {}

    @property
    def parameters(self) -> list[tuple[str, Any]]:
        """Canonical name and variable of everything that learns."""
        return [(one.name, one.variable) for one in self.weights if one.trainable and one.name not in self.frozen]

    @property
    def statistics(self) -> list[Any]:
        """Variables that follow the training rows without being learned."""
        return [weight.variable for weight in self.weights if not weight.trainable]

    @property
    def random(self) -> dict[str, Any]:
        """Layer to the variable that its random numbers are counted by."""
        return {
            name: layer.seed_generator.state.value
            for name, layer in self.named_layers()
            if getattr(layer, "seed_generator", None) is not None
        }


def named_after_place(network: Network) -> Network:
    """The network, with each layer named after its place.

    Keras counts layers through the life of a process (``linear_9``, ``linear_10``), and TensorFlow orders the sum of
    three or more gradients by name: the last bits of a run would depend on which networks were built before.
    """
    for place, layer in network.named_layers():
        layer.name = place.replace(".", "_")
    return network


def parameter_groups(network: Network) -> dict[str, list[tuple[str, Any]]]:
    """The weights that learn, by the optimizer that they belong to; group ``""`` when the network has one only.

    Raises:
        ConfigError: every weight of a group is frozen.
    """
    if hasattr(network, "parameter_groups"):
        found: Mapping[str, Sequence[tuple[str, Any]]] = network.parameter_groups()
    else:
        found = {"": network.parameters}
    learning = {group: [one for one in named if one[0] not in network.frozen] for group, named in found.items()}
    for group, named in learning.items():
        if not named:
            which = f"of parameter group `{group}` " if group else ""
            raise ConfigError(f"no weight {which}learns", id="model.freeze", hint="a shorter list under model.freeze")
    return learning


def rows(batch: Tensors) -> Any:
    """Number of rows of a batch: an int32 scalar."""
    return tf.shape(next(iter(batch.values())))[0]


def mass(batch: Tensors, loss: Any = None) -> Any:
    """How much a batch counts beside others: what its loss says; else its number of rows, or the sum of their weights;
    float64."""
    if hasattr(loss, "mass"):
        return tf.cast(loss.mass(batch), tf.float64)
    return tf.cast(tf.reduce_sum(batch["weight"]) if "weight" in batch else rows(batch), tf.float64)


def weighted_mean(values: Any, batch: Tensors) -> Any:
    """The mean of one value for each row [n], in which rows count by their ``weight``; 0 where every weight is 0."""
    if "weight" not in batch:
        return tf.reduce_mean(values)
    weight = tf.cast(batch["weight"], values.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(weight * values), tf.reduce_sum(weight))

"""Recurrent layers in one direction or two, over sequences of different lengths."""

from __future__ import annotations

import abc
from typing import Any

from sci_tensorflow.block import Block
from sci_tensorflow.layers import TURNED
from sci_tensorflow.runtime import keras, tf
from sci_tensorflow.weights import Weight


class Recurrent(keras.Layer, abc.ABC):
    """One layer in one direction, over [n, L, inputs].

    What follows a sequence's end never reaches the states before it, so that padding needs no attention here. Inputs
    are multiplied for all positions at once. Canonical `weight_ih` [gates * units, inputs], `weight_hh` [gates * units,
    units] and biases [gates * units].
    """

    gates: int
    biases: tuple[str, ...]

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.units = units
        wide = self.gates * units
        self.weight_ih = self.add_weight(shape=(inputs, wide), initializer="zeros", name="weight_ih")
        self.weight_hh = self.add_weight(shape=(units, wide), initializer="zeros", name="weight_hh")
        self.bias = {name: self.add_weight(shape=(wide,), initializer="zeros", name=name) for name in self.biases}
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The states [n, L, units]."""
        inward, onward = tf.convert_to_tensor(self.weight_ih), tf.convert_to_tensor(self.weight_hh)
        biases = [tf.convert_to_tensor(self.bias[name]) for name in self.biases]
        given = tf.transpose(tf.tensordot(inputs, inward, 1) + biases[0], [1, 0, 2])
        length = tf.shape(given)[0]
        source = tf.TensorArray(given.dtype, length, element_shape=given.shape[1:]).unstack(given)
        start = tf.zeros([tf.shape(inputs)[0], self.units], given.dtype)

        def one(position: Any, states: Any, memory: tuple[Any, ...]) -> tuple[Any, ...]:
            state, memory = self.advance(source.read(position), memory, onward, biases)
            return position + 1, states.write(position, state), memory

        _, states, _ = tf.while_loop(
            lambda position, *_: position < length,
            one,
            (0, tf.TensorArray(given.dtype, length, element_shape=start.shape), self.memory(start)),
            maximum_iterations=length,
        )
        return tf.transpose(states.stack(), [1, 0, 2])

    def memory(self, start: Any) -> tuple[Any, ...]:
        """What is carried from position to position, at first."""
        return (start,)

    @abc.abstractmethod
    def advance(self, given: Any, memory: Any, onward: Any, biases: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        """The state after a position whose multiplied input is `given`, and what is carried on."""

    def canonical(self) -> list[Weight]:
        """Its weights."""
        return [
            Weight("weight_ih", self.weight_ih.value, TURNED),
            Weight("weight_hh", self.weight_hh.value, TURNED),
            *(Weight(name, self.bias[name].value) for name in self.biases),
        ]


class Lstm(Recurrent):
    """Long short-term memory with gates i, f, g, o and one bias (Hochreiter and Schmidhuber 1997)."""

    gates = 4
    biases = ("bias",)

    def memory(self, start: Any) -> tuple[Any, ...]:
        return start, start

    def advance(self, given: Any, memory: Any, onward: Any, biases: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        state, cell = memory
        take, keep, new, out = tf.split(given + tf.matmul(state, onward), 4, axis=1)
        cell = tf.sigmoid(keep) * cell + tf.sigmoid(take) * tf.tanh(new)
        state = tf.sigmoid(out) * tf.tanh(cell)
        return state, (state, cell)


class Gru(Recurrent):
    """Gated recurrent unit with gates r, z, n, the reset gate after the product (Cho et al. 2014, arXiv:1406.1078)."""

    gates = 3
    biases = ("bias_ih", "bias_hh")

    def advance(self, given: Any, memory: Any, onward: Any, biases: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        (state,) = memory
        reset, update, new = tf.split(given, 3, axis=1)
        again = tf.split(tf.matmul(state, onward) + biases[1], 3, axis=1)
        update = tf.sigmoid(update + again[1])
        new = tf.tanh(new + tf.sigmoid(reset + again[0]) * again[2])
        state = new + update * (state - new)
        return state, (state,)


class RecurrentLayer(Block):
    """One layer, read from the start and, where asked, from each sequence's own end too: [n, L, units or 2 units]."""

    def __init__(self, cell: str, inputs: int, units: int, *, bidirectional: bool = False) -> None:
        make = {"lstm": Lstm, "gru": Gru}[cell]
        self.onward = make(inputs, units)
        self.reverse = make(inputs, units) if bidirectional else None

    def __call__(self, values: Any, lengths: Any) -> Any:
        """`values` [n, L, inputs], `lengths` [n]."""
        onward = self.onward(values)
        if self.reverse is None:
            return onward
        back = self.reverse(turned(values, lengths))
        return tf.concat([onward, turned(back, lengths)], axis=-1)


def turned(values: Any, lengths: Any) -> Any:
    """Each sequence from its end to its start; padding stays where it is."""
    return tf.reverse_sequence(values, lengths, seq_axis=1, batch_axis=0)

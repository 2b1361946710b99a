"""Recurrent layers in one direction or two, over sequences of different lengths."""

from __future__ import annotations

import abc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


class Recurrent(nn.Module, abc.ABC):
    """One layer in one direction, over [n, L, inputs].

    What follows a sequence's end never reaches the states before it, so that padding needs no attention here.
    """

    gates: int

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.weight_ih = nn.Parameter(torch.zeros(self.gates * units, inputs))
        self.weight_hh = nn.Parameter(torch.zeros(self.gates * units, units))

    @abc.abstractmethod
    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The states [n, L, units]."""

    def _start(self, values: torch.Tensor) -> torch.Tensor:
        return values.new_zeros(1, values.shape[0], self.units)


class Lstm(Recurrent):
    """Long short-term memory with gates i, f, g, o and one bias (Hochreiter and Schmidhuber 1997)."""

    gates = 4

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self.bias = nn.Parameter(torch.zeros(4 * units))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        start = self._start(values)
        weights = [self.weight_ih, self.weight_hh, self.bias, torch.zeros_like(self.bias)]
        with scattered_weights():
            states: torch.Tensor = torch.lstm(
                values, (start, start), weights, True, 1, 0.0, self.training, False, True
            )[0]
        return states


class Gru(Recurrent):
    """Gated recurrent unit with gates r, z, n, the reset gate after the product (Cho et al. 2014, arXiv:1406.1078)."""

    gates = 3

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self.bias_ih = nn.Parameter(torch.zeros(3 * units))
        self.bias_hh = nn.Parameter(torch.zeros(3 * units))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        weights: list[torch.Tensor] = [self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh]
        with scattered_weights():
            states: torch.Tensor = torch.gru(
                values, self._start(values), weights, True, 1, 0.0, self.training, False, True
            )[0]
        return states


@contextmanager
def scattered_weights() -> Iterator[None]:
    """Quiet about weights that do not lie in one piece of memory, which cuDNN then copies at each call."""
    if not torch.cuda.is_available():
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk")
        yield


class RecurrentLayer(nn.Module):
    """One layer, read from the start and, where asked, from each sequence's own end too: [n, L, units or 2 units]."""

    def __init__(self, cell: str, inputs: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__()
        make = {"lstm": Lstm, "gru": Gru}[cell]
        self.onward = make(inputs, units)
        self.reverse = make(inputs, units) if bidirectional else None

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """`values` [n, L, inputs], `lengths` [n]."""
        onward: torch.Tensor = self.onward(values)
        if self.reverse is None:
            return onward
        back = self.reverse(turned(values, lengths))
        return torch.cat([onward, turned(back, lengths)], dim=-1)


def turned(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Each sequence from its end to its start; padding stays where it is."""
    place = torch.arange(values.shape[1], device=values.device)[None, :]
    length = lengths[:, None].to(place.dtype)
    source = torch.where(place < length, length - 1 - place, place)
    return torch.take_along_dim(values, source[:, :, None], dim=1)

"""What other plugins may use of engine torch: blocks, and the contract of a training step."""

from __future__ import annotations

from sci_torch.activation import ACTIVATIONS
from sci_torch.convolution import ConvBlock, side_after
from sci_torch.decoder import DecoderBlock
from sci_torch.dense import Dense, dense_stack
from sci_torch.embedding import Categories
from sci_torch.encoder import Attention, EncoderBlock, FeedForward, Memory, seen_positions, sinusoids
from sci_torch.heads import Heads
from sci_torch.initialization import fill, hidden_rule, initialize
from sci_torch.network import Network, Tensors, mass, rows, weighted_mean
from sci_torch.normalization import BatchNorm
from sci_torch.pooling import POOLING, inside, lengths_of
from sci_torch.recurrent import Gru, Lstm, RecurrentLayer

__all__ = [
    "ACTIVATIONS",
    "POOLING",
    "Attention",
    "BatchNorm",
    "Categories",
    "ConvBlock",
    "DecoderBlock",
    "Dense",
    "EncoderBlock",
    "FeedForward",
    "Gru",
    "Heads",
    "Lstm",
    "Memory",
    "Network",
    "RecurrentLayer",
    "Tensors",
    "dense_stack",
    "fill",
    "hidden_rule",
    "initialize",
    "inside",
    "lengths_of",
    "mass",
    "rows",
    "seen_positions",
    "side_after",
    "sinusoids",
    "weighted_mean",
]

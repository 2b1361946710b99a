"""What other plugins may use of engine tensorflow: blocks, and the contract of a training step."""

from __future__ import annotations

from sci_tensorflow.activation import ACTIVATIONS
from sci_tensorflow.block import Block
from sci_tensorflow.convolution import ConvBlock, side_after
from sci_tensorflow.decoder import DecoderBlock
from sci_tensorflow.dense import Dense, dense_stack
from sci_tensorflow.embedding import Categories
from sci_tensorflow.encoder import Attention, EncoderBlock, FeedForward, seen_positions, silenced, sinusoids
from sci_tensorflow.heads import Heads
from sci_tensorflow.initialization import fill, hidden_rule, initialize
from sci_tensorflow.layers import BatchNorm, Convolution, Dropout, Embedding, LayerNorm, Linear
from sci_tensorflow.network import Network, Tensors, mass, rows, weighted_mean
from sci_tensorflow.pooling import POOLING, inside, lengths_of
from sci_tensorflow.recurrent import Gru, Lstm, RecurrentLayer
from sci_tensorflow.runtime import keras, tf
from sci_tensorflow.trainer import GraphStep, Optimizer
from sci_tensorflow.weights import Weight

__all__ = [
    "ACTIVATIONS",
    "POOLING",
    "Attention",
    "BatchNorm",
    "Block",
    "Categories",
    "ConvBlock",
    "Convolution",
    "DecoderBlock",
    "Dense",
    "Dropout",
    "Embedding",
    "EncoderBlock",
    "FeedForward",
    "GraphStep",
    "Gru",
    "Heads",
    "LayerNorm",
    "Linear",
    "Lstm",
    "Network",
    "Optimizer",
    "RecurrentLayer",
    "Tensors",
    "Weight",
    "dense_stack",
    "fill",
    "hidden_rule",
    "initialize",
    "inside",
    "keras",
    "lengths_of",
    "mass",
    "rows",
    "seen_positions",
    "side_after",
    "silenced",
    "sinusoids",
    "tf",
    "weighted_mean",
]

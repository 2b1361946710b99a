"""The optimizers of engine torch."""

"""The optimizers of engine tensorflow."""

"""Columns of pixels as one image."""

from __future__ import annotations

import numpy as np

from sci.api import Batch, ConfigError, DataError, Feature, Preprocessor, SampleRandom, Schema
from sci_tabular.config import PixelsConfig
from sci_tabular.faults import require_kinds


class Pixels(Preprocessor):
    """Number columns, one for each pixel, become one image column: float32 [n, height, width, channels].

    The columns are taken in their order, row by row of the image and channel by channel of each pixel, and divided by
    `maximum`. Raises `ConfigError` where their number is not that of the pixels, and `DataError` for a missing pixel.
    """

    accepts = frozenset({"number"})
    config: PixelsConfig

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width, channels."""
        return self.config.height, self.config.width, self.config.channels

    def output_schema(self, schema: Schema) -> Schema:
        require_kinds("pixels", "numbers", schema, self.columns, lambda feature: feature.kind == "number")
        height, width, channels = self.shape
        if len(self.columns) != height * width * channels:
            raise ConfigError(
                f"{height} x {width} pixels of {channels} channel{'' if channels == 1 else 's'} are"
                f" {height * width * channels:,} numbers, and there are {len(self.columns):,} columns of numbers",
                id="flow.shape",
                hint="height, width and channels as the images are, or data.inputs without other columns",
            )
        if self.config.image in set(schema.columns) - set(self.columns):
            raise ConfigError(
                f"there is a column `{self.config.image}` already",
                id="flow.column",
                hint="{name: pixels, image: another-name, ...}",
            )
        image = Feature("image", dtype="float32", shape=self.shape, format="HWC-unit")
        return schema.drop(*self.columns).add("input", **{self.config.image: image})

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        pixels = np.stack([np.asarray(batch[name], dtype=np.float32) for name in self.columns], axis=1)
        if np.isnan(pixels).any():
            row, column = np.argwhere(np.isnan(pixels))[0]
            raise DataError(
                f"pixel `{self.columns[column]}` is missing in the row with id {batch['id'][row]}",
                id="data.missing-input",
                hint="preprocessing: [impute, ...]",
            )
        kept = {name: column for name, column in batch.items() if name not in self.columns}
        return {**kept, self.config.image: (pixels / np.float32(self.config.maximum)).reshape(-1, *self.shape)}

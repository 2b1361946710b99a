"""Settings of what a network starts from; engines obey them, whoever wrote the model."""

from __future__ import annotations

from pydantic import Field

from sci.api.config import ComponentConfig


class LoraConfig(ComponentConfig):
    """Low-rank adaptation: small matrices beside frozen weights (Hu et al. 2021, arXiv:2106.09685)."""

    rank: int = Field(default=8, ge=1)
    """Rank of the matrices."""

    alpha: float = Field(default=16.0, gt=0)
    """What they add is multiplied by ``alpha / rank``."""

    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Share of a layer's inputs that the matrices do not see in training."""

    targets: list[str] = Field(default_factory=lambda: ["*"], min_length=1)
    """Names of the linear layers that get them, with `*`."""


class WeightsConfig(ComponentConfig):
    """What the weights start from and which of them learn."""

    pretrained: str | None = None
    """Folder with safetensors or run directory, relative to the experiment file, or the name of a model on a hub, with
    `@revision` for one of its versions; drawn from the seed when not given. Training alone reads it."""

    freeze: list[str] = Field(default_factory=list)
    """Names of weights that do not learn, with `*`."""

    lora: LoraConfig | None = None
    """Low-rank adaptation of the linear layers; every other weight but those of the heads is frozen."""

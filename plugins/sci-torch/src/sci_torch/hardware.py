"""Where and in which precision the arithmetic happens."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from sci.api import ConfigError

DEVICES = ("cpu", "cuda", "mps", "auto")
PRECISIONS = {"float32": torch.float32, "float64": torch.float64, "bf16": torch.float32, "fp16": torch.float32}
"""Name to the dtype of the weights; products are computed in half of it for the last two."""

LOW = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Hardware:
    """One device and one precision.

    Args:
        device: where tensors live.
        precision: a name of `PRECISIONS`.
        seed: what a network draws in training follows from it.
    """

    device: torch.device
    precision: str = "float32"
    seed: int = 0

    @property
    def dtype(self) -> torch.dtype:
        """dtype of the weights."""
        return PRECISIONS[self.precision]

    @property
    def low(self) -> bool:
        """Whether products are computed in halves."""
        return self.precision in LOW

    @property
    def scaled(self) -> bool:
        """Whether small gradients would vanish, so that the loss has to be scaled."""
        return self.precision == "fp16"

    def lowered(self) -> AbstractContextManager[Any]:
        """Inside this block products are computed in the lower precision, where one was chosen."""
        return torch.autocast(self.device.type, dtype=LOW[self.precision]) if self.low else nullcontext()

    @contextmanager
    def seeded(self) -> Iterator[None]:
        """Inside this block torch draws from this seed, in this precision; afterwards as before."""
        before, dtype = random_state(self.device), torch.get_default_dtype()
        torch.manual_seed(self.seed)
        torch.set_default_dtype(self.dtype)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            set_random_state(self.device, before)


def chosen(settings: Mapping[str, Any], seed: int) -> Hardware:
    """The device and precision of the ``training`` section.

    Raises:
        ConfigError: this machine or this engine has not what is asked for.
    """
    precision = settings.get("precision") or "float32"
    known_precision(precision)
    device = _device(settings.get("device") or "auto")
    if device.type == "mps" and precision == "float64":
        raise ConfigError(
            "device `mps` has no precision `float64`", id="engine.precision", hint="training: {device: cpu}"
        )
    return Hardware(device, precision, seed)


def known_precision(precision: str) -> None:
    """Stop for a precision that the engine has not."""
    if precision not in PRECISIONS:
        raise ConfigError(
            f"engine torch has no precision `{precision}`",
            id="engine.precision",
            note=f"it has {', '.join(PRECISIONS)}",
            hint="precision: float32",
        )


def _device(name: str) -> torch.device:
    kind = name.split(":")[0]
    if kind not in DEVICES or (":" in name and not name.startswith("cuda:")):
        raise ConfigError(
            f"engine torch has no device `{name}`",
            id="engine.device",
            note=f"it has {', '.join(DEVICES)}, and cuda:0, cuda:1 where there are several",
            hint="device: auto",
        )
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next(kind for kind in ("cuda", "mps", "cpu") if present[kind]))
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or not present[kind] or (kind == "cuda" and (device.index or 0) >= torch.cuda.device_count()):
        raise ConfigError(
            f"training.device is `{name}`, and torch finds no such device here",
            id="engine.device",
            note=f"torch {torch.__version__}",
            hint="device: auto",
        )
    return device


def settle(threads: int, deterministic: bool) -> None:
    """Threads and determinism of this process."""
    torch.set_num_threads(threads)
    if deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when CUDA starts
    # `use_deterministic_algorithms` does the same, and imports the compiler to tell it too
    torch.set_deterministic_debug_mode("error" if deterministic else "default")
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # costs time, and
    # nothing here reads what it did not write
    torch.backends.cudnn.benchmark = False


def random_state(device: torch.device) -> dict[str, torch.Tensor]:
    """What torch draws next: the state of the CPU's generator, and of the device's."""
    found = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        found["device"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        found["device"] = torch.mps.get_rng_state()
    return found


def set_random_state(device: torch.device, state: Mapping[str, torch.Tensor]) -> None:
    """Go on drawing where `random_state` was taken; what was taken elsewhere has no state for this device."""
    torch.set_rng_state(state["cpu"])
    if "device" in state and device.type == "cuda":
        torch.cuda.set_rng_state(state["device"], device)
    elif "device" in state and device.type == "mps":
        torch.mps.set_rng_state(state["device"])

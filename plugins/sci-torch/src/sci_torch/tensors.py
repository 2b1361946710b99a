"""Arrays as tensors, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch


def tensors(arrays: Mapping[str, np.ndarray], device: torch.device) -> dict[str, torch.Tensor]:
    """The arrays on the device, sharing their memory where that is the CPU's."""
    return {key: tensor(array, device) for key, array in arrays.items()}


def tensor(array: np.ndarray, device: torch.device) -> torch.Tensor:
    """One array on the device."""
    if not array.flags.writeable:
        array = array.copy()  # torch would warn that writing to it changes what must not change
    made = torch.from_numpy(array)
    if device.type == "cpu":
        return made
    return made.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else made.to(device)


def array(value: torch.Tensor) -> np.ndarray:
    """A tensor as an array that does not share its memory with it; halves as float32, which holds them exactly."""
    value = value.detach()
    if value.dtype in (torch.bfloat16, torch.float16):
        value = value.to(torch.float32)
    return np.array(value.cpu().numpy())

"""Where the arithmetic happens, in how many threads, and whether it may be repeated bit by bit."""

from __future__ import annotations

from typing import Any

from sci.api import ConfigError
from sci_tensorflow.runtime import silent, tf

DEVICES = ("cpu", "gpu", "auto")


def placed(name: str | None) -> str:
    """TensorFlow's name of a device: ``CPU:0``, ``GPU:1``.

    Raises:
        ConfigError: there is no such device.
    """
    wanted = (name or "auto").lower().replace("cuda", "gpu")
    kind, _, number = wanted.partition(":")
    if kind not in DEVICES or (number and not (kind == "gpu" and number.isdigit())):
        raise ConfigError(
            f"engine tensorflow has no device `{name}`",
            id="engine.device",
            note=f"it has {', '.join(DEVICES)}, and gpu:0, gpu:1 where there are several",
            hint="device: auto",
        )
    count = len(tf.config.list_physical_devices("GPU"))
    if kind == "auto":
        kind = "gpu" if count else "cpu"
    if kind == "gpu" and int(number or 0) >= count:
        raise ConfigError(
            f"training.device is `{name}`, and TensorFlow finds no such device here",
            id="engine.device",
            note=f"TensorFlow {tf.__version__} finds {count or 'no'} GPU{'' if count == 1 else 's'}",
            hint="device: auto",
        )
    return f"{kind.upper()}:{number or 0}"


def threads(wanted: int, explicit: bool) -> int:
    """Set the threads of this process, which TensorFlow takes once; how many there are now, 0 for one each core.

    Raises:
        ConfigError: it has started with another number, and `explicit` says that this one was asked for.
    """
    threading = tf.config.threading
    try:
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)
        threading.set_intra_op_parallelism_threads(wanted)
        threading.set_inter_op_parallelism_threads(wanted)
    except (RuntimeError, ValueError) as error:
        found = int(threading.get_intra_op_parallelism_threads())
        if explicit and found != wanted:
            raise ConfigError(
                f"engine.threads is `{wanted}`, and TensorFlow has started with {found or 'one for each core'} in this"
                " process",
                id="engine.threads",
                hint="a new process",
            ) from error
        return found
    return wanted


def settle(deterministic: bool) -> None:
    """Start TensorFlow, which prints, and keep its operations in a fixed order."""
    with silent():
        tf.constant(0)
    if deterministic:
        tf.config.experimental.enable_op_determinism()


def describe(device: str) -> str:
    """The device, with the name of the accelerator where it is one."""
    if not device.startswith("GPU"):
        return device.partition(":")[0].lower()
    found: dict[str, Any] = tf.config.experimental.get_device_details(
        tf.config.list_physical_devices("GPU")[int(device.partition(":")[2])]
    )
    return f"{device.lower()} ({found.get('device_name', 'unknown')})"

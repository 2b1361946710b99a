"""What sci-torch offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_engines() -> list[ComponentSpec]:
    """The engine itself."""
    return [
        ComponentSpec(
            name="torch",
            summary="PyTorch, on the CPU or an accelerator",
            target="sci_torch.engine:TorchEngine",
            config="sci_torch.config:TorchConfig",
            traits=frozenset({"low-rank"}),
            cite="sci_torch.works:TORCH",
        )
    ]

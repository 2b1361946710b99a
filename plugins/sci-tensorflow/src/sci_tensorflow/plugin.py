"""What sci-tensorflow offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_engines() -> list[ComponentSpec]:
    """The engine itself."""
    return [
        ComponentSpec(
            name="tensorflow",
            summary="Keras 3 layers on TensorFlow, many updates inside one graph",
            target="sci_tensorflow.engine:TensorflowEngine",
            config="sci_tensorflow.config:TensorflowConfig",
            traits=frozenset({"low-rank"}),
            requires=("tensorflow>=2.18", "keras>=3.12"),
            cite="sci_tensorflow.works:TENSORFLOW",
        )
    ]

"""What sci-optim offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


def _native(module: str, name: str, function: str) -> dict[str, str]:
    """One optimizer on every engine: a class of ours, or, on torch, what makes PyTorch's own."""
    return {
        "numpy": f"sci_optim.{module}:{name}",
        "torch": f"sci_optim.torch.{module}:{function}",
        "tensorflow": f"sci_optim.tensorflow.{module}:{name}",
    }


@hookimpl
def sci_optimizers() -> list[ComponentSpec]:
    """Optimizers, for every engine."""
    return [
        ComponentSpec(
            name="gradient-descent",
            summary="Plain gradient descent, by convention with all rows in each update",
            target=_native("descent", "GradientDescent", "gradient_descent"),
            config="sci_optim.config:GradientDescentConfig",
            cite="sci_optim.works:GRADIENT_DESCENT",
        ),
        ComponentSpec(
            name="sgd",
            summary="Stochastic gradient descent with momentum",
            target=_native("descent", "Sgd", "sgd"),
            config="sci_optim.config:SgdConfig",
            cite="sci_optim.works:SGD",
        ),
        ComponentSpec(
            name="momentum",
            summary="Gradient descent with a velocity",
            target=_native("descent", "Sgd", "sgd"),
            config="sci_optim.config:MomentumConfig",
            cite="sci_optim.works:MOMENTUM",
        ),
        ComponentSpec(
            name="nesterov",
            summary="Gradient descent with a velocity that looks ahead",
            target=_native("descent", "Sgd", "sgd"),
            config="sci_optim.config:NesterovConfig",
            cite="sci_optim.works:SGD",
        ),
        ComponentSpec(
            name="adagrad",
            summary="Rates that fall with the sum of squared gradients; suits sparse inputs",
            target=_native("adaptive", "Adagrad", "adagrad"),
            config="sci_optim.config:AdagradConfig",
            cite="sci_optim.works:ADAGRAD",
        ),
        ComponentSpec(
            name="rmsprop",
            summary="Gradients divided by a running mean of their size",
            target=_native("adaptive", "Rmsprop", "rmsprop"),
            config="sci_optim.config:RmspropConfig",
            cite="sci_optim.works:RMSPROP",
        ),
        ComponentSpec(
            name="adam",
            summary="Running means of the gradient and of its square",
            target=_native("adam", "Adam", "adam"),
            config="sci_optim.config:AdamConfig",
            cite="sci_optim.works:ADAM",
        ),
        ComponentSpec(
            name="adamw",
            summary="Adam with weight decay apart from the gradient",
            target=_native("adam", "AdamW", "adamw"),
            config="sci_optim.config:AdamWConfig",
            cite="sci_optim.works:ADAMW",
        ),
        ComponentSpec(
            name="lion",
            summary="Steps of equal size in the sign of a mean gradient",
            target=_native("lion", "Lion", "Lion"),
            config="sci_optim.config:LionConfig",
            cite="sci_optim.works:LION",
        ),
    ]


@hookimpl
def sci_schedules() -> list[ComponentSpec]:
    """Schedules, for every engine."""
    return [
        ComponentSpec(
            name="constant",
            summary="The full rate, after a warm-up",
            target="sci_optim.schedule:Constant",
            config="sci_optim.config:ConstantConfig",
        ),
        ComponentSpec(
            name="step",
            summary="The rate falls at regular intervals",
            target="sci_optim.schedule:Stairs",
            config="sci_optim.config:StepConfig",
        ),
        ComponentSpec(
            name="cosine",
            summary="The rate falls along half a cosine",
            target="sci_optim.schedule:Cosine",
            config="sci_optim.config:CosineConfig",
            cite="sci_optim.works:COSINE",
        ),
        ComponentSpec(
            name="linear",
            summary="The rate falls in a straight line",
            target="sci_optim.schedule:Linear",
            config="sci_optim.config:LinearConfig",
        ),
        ComponentSpec(
            name="one-cycle",
            summary="The rate rises and falls once, each along half a cosine",
            target="sci_optim.schedule:OneCycle",
            config="sci_optim.config:OneCycleConfig",
            cite="sci_optim.works:ONE_CYCLE",
        ),
        ComponentSpec(
            name="warm-up",
            summary="The rate rises in a straight line, then stays",
            target="sci_optim.schedule:Constant",
            config="sci_optim.config:WarmUpConfig",
        ),
        ComponentSpec(
            name="reduce-on-plateau",
            summary="The rate falls when the validation value no longer improves",
            target="sci_optim.plateau:ReduceOnPlateau",
            config="sci_optim.config:ReduceOnPlateauConfig",
        ),
    ]

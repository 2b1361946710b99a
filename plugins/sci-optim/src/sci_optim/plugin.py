"""What sci-optim offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_optimizers() -> list[ComponentSpec]:
    """Optimizers, so far for engine numpy."""
    return [
        ComponentSpec(
            name="gradient-descent",
            summary="Plain gradient descent, by convention with all rows in each update",
            target={"numpy": "sci_optim.descent:GradientDescent"},
            config="sci_optim.config:GradientDescentConfig",
            cite="Cauchy 1847, Comptes rendus 25, 536-538",
        ),
        ComponentSpec(
            name="sgd",
            summary="Stochastic gradient descent with momentum",
            target={"numpy": "sci_optim.descent:Sgd"},
            config="sci_optim.config:SgdConfig",
            cite="Sutskever et al. 2013, PMLR 28(3), 1139-1147",
        ),
        ComponentSpec(
            name="adagrad",
            summary="Rates that fall with the sum of squared gradients; suits sparse inputs",
            target={"numpy": "sci_optim.adaptive:Adagrad"},
            config="sci_optim.config:AdagradConfig",
            cite="Duchi, Hazan and Singer 2011, JMLR 12, 2121-2159",
        ),
        ComponentSpec(
            name="rmsprop",
            summary="Gradients divided by a running mean of their size",
            target={"numpy": "sci_optim.adaptive:Rmsprop"},
            config="sci_optim.config:RmspropConfig",
            cite="Tieleman and Hinton 2012, Neural Networks for Machine Learning, lecture 6.5",
        ),
        ComponentSpec(
            name="adam",
            summary="Running means of the gradient and of its square",
            target={"numpy": "sci_optim.adam:Adam"},
            config="sci_optim.config:AdamConfig",
            cite="arXiv:1412.6980",
        ),
        ComponentSpec(
            name="adamw",
            summary="Adam with weight decay apart from the gradient",
            target={"numpy": "sci_optim.adam:AdamW"},
            config="sci_optim.config:AdamWConfig",
            cite="arXiv:1711.05101",
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
            cite="arXiv:1608.03983",
        ),
        ComponentSpec(
            name="linear",
            summary="The rate falls in a straight line",
            target="sci_optim.schedule:Linear",
            config="sci_optim.config:LinearConfig",
        ),
        ComponentSpec(
            name="reduce-on-plateau",
            summary="The rate falls when the validation value no longer improves",
            target="sci_optim.plateau:ReduceOnPlateau",
            config="sci_optim.config:ReduceOnPlateauConfig",
        ),
    ]

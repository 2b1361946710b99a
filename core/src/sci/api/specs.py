"""What a plugin says about a component before any of the component's code is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pluggy

API_VERSION = "1.1"
"""Version of the plugin API, major and minor: what is added raises the minor version, what breaks plugins the major.

The version of sci-core is another one; both are explained on the page "What plugins may rely on".
"""

hookimpl = pluggy.HookimplMarker("sci")
"""Marks a function of a plugin module as the implementation of the hook with its name."""


@dataclass(frozen=True)
class ComponentSpec:
    """One component: its name, where its code lies, and what can be known about it without importing that code.

    Args:
        name: what the user types: lower case, digits and hyphens.
        target: ``module:attribute``, or one for each engine where the code is native to an engine.
        summary: one line for `sci components`.
        config: ``module:attribute`` of a `ComponentConfig`; None when the component has no settings.
        tasks: names of the tasks that it serves; empty means every task.
        accepts: kinds of input features that it reads; empty means any.
        traits: ``fit-once`` (fitted in one step with all rows), ``closure`` (the optimiser evaluates the loss itself),
            ``no-loss`` (a model that is fitted in one step and emits nothing that a loss could read, such as an index),
            ``batch-loss`` (not a mean over rows: no accumulation, no averaging over processes), ``own-step`` (the model
            brings its training step), ``serves`` (a deployer that can answer requests: `sci serve`),
            ``folds`` (an interval or a comparison over several folds), ``missing`` (a model that reads missing numbers,
            as NaN), ``low-rank`` (an engine that obeys `LoraConfig`), ``network`` (it speaks to other machines while it
            works: refused where a policy says ``offline``).
        requires: PEP 508 requirements, for messages and `sci check`; never used to install.
        cite: ``module:attribute`` of the `Work` that the method was published in; or a DOI, or a reference in words.
    """

    name: str
    target: str | Mapping[str, str]
    summary: str = ""
    config: str | None = None
    tasks: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    traits: frozenset[str] = field(default_factory=frozenset)
    requires: tuple[str, ...] = ()
    cite: str = ""

    @property
    def engines(self) -> tuple[str, ...]:
        """Engines with code of their own; empty when one target serves all."""
        return () if isinstance(self.target, str) else tuple(self.target)

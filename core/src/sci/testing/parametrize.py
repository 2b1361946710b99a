"""The checks of a plugin as tests of pytest. pytest is imported here and nowhere else, and only when this is used."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sci.testing.check import Check, Level
from sci.testing.run import Plan
from sci.testing.trial import Trial

if TYPE_CHECKING:
    import pytest


class Pending:
    """One check that waits to be called: it returns, skips, or raises `AssertionError` with what is wrong."""

    def __init__(self, plan: Plan, check: Check, trials: list[Trial]) -> None:
        self.plan = plan
        self.check = check
        self.trials = trials

    def __repr__(self) -> str:
        return f"<{self.check.id}: {self.check.expects}>"

    def __call__(self) -> None:
        import pytest

        results = self.plan.results(self.check, self.trials)
        wrong = [one for one in results if not one.ok]
        if wrong:
            raise AssertionError("\n\n".join("\n    ".join(one.lines()) for one in wrong))
        foretold = [one.reason for one in results if one.outcome == "expected"]
        if foretold:
            pytest.xfail("; ".join(dict.fromkeys(foretold)))
        if all(one.outcome == "skipped" for one in results):
            pytest.skip("; ".join(dict.fromkeys(one.reason for one in results)))


def parametrize_with_checks(
    plugin: str | pathlib.Path,
    *,
    expected_failures: Mapping[str, str] | None = None,
    level: Level = "required",
) -> pytest.MarkDecorator:
    """Decorate a test that takes `check` and calls it: it becomes one test for each check that concerns the plugin.

    Args:
        plugin: a distribution, the name of its entry point, or the folder with its pyproject.toml.
        expected_failures: as of `run_checks`; these tests are reported as expected failures, and fail when they pass.
        level: `recommended` runs both levels.

    Raises:
        ConfigError: as of `run_checks`.
    """
    import pytest

    plan = Plan.of(plugin, expected_failures, level)
    pending = [Pending(plan, check, trials) for check, trials in plan.checks()]
    return pytest.mark.parametrize("check", pending, ids=[one.check.id for one in pending])

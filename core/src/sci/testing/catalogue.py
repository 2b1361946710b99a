"""All checks, in the order in which they are run and shown."""

from __future__ import annotations

import importlib

from sci.testing.check import CHECKS, Check

FAMILIES = {
    "PKG": "The package",
    "DISC": "Discovery",
    "CFG": "Settings",
    "PRE": "Preprocessors",
    "MET": "Metrics",
    "MOD": "Models, engines and losses",
    "OPT": "Optimizers and schedules",
    "DEP": "Deployers",
    "SRC": "Sources",
    "SPL": "Splitters",
    "TSK": "Tasks",
    "CAL": "Calibrators",
    "INT": "Intervals",
    "CMP": "Comparisons",
    "AUD": "Audits",
    "FPR": "Fingerprints",
    "BAS": "Baselines",
    "CTL": "Controls",
    "ANA": "Analyses",
    "REP": "Reporters",
    "TRK": "Trackers",
}
"""The middle part of an id, and what the family is about."""

_MODULES = (
    "package",
    "discovery",
    "settings",
    "preprocessors",
    "preprocessed_rows",
    "metrics",
    "models",
    "engines",
    "losses",
    "optimizers",
    "schedules",
    "deployers",
    "sources",
    "splitters",
    "tasks",
    "calibrators",
    "intervals",
    "comparisons",
    "audits",
    "fingerprints",
    "baselines",
    "controls",
    "analyses",
    "reporters",
    "trackers",
)


def checks() -> dict[str, Check]:
    """Every check by its id, family by family."""
    for module in _MODULES:
        importlib.import_module(f"sci.testing.checks.{module}")
    order = list(FAMILIES)
    return dict(sorted(CHECKS.items(), key=lambda pair: (order.index(family(pair[0])), pair[0])))


def family(id: str) -> str:
    """The middle part of an id."""
    return id.split("-")[1]

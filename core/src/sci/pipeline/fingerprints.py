"""What installed plugins know of values that are nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sci.api import Column, Feature, PluginError, Ragged
from sci.api.judgement import Fingerprint
from sci.api.rows import length
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import guarded


def fingerprints(assembly: Assembly, kind: str) -> Sequence[Fingerprint]:
    """Those that read columns of this kind, in the order of their names."""
    parts = [assembly.part("fingerprints", name) for name in assembly.registry.names("fingerprints")]
    return [_Owned(part) for part in parts if not part.entry.spec.accepts or kind in part.entry.spec.accepts]


class _Owned:
    """A fingerprint whose faults are those of its plugin."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._made: Any = part.make()
        self.likeness = float(guarded(part, "likeness", lambda: self._made.likeness))

    def elements(self, column: Column, feature: Feature) -> Ragged:
        """As the plugin gives them, with one set for each row.

        Raises:
            PluginError: it gives something else.
        """
        found: Any = guarded(self._part, "elements", self._made.elements, column, feature)
        rows = length(column)
        if not isinstance(found, Ragged) or len(found.lengths) != rows or found.values.dtype != np.uint64:
            raise PluginError(
                f"{self._part.name} owes {rows:,} sets of uint64 as `Ragged`",
                id="plugin.result",
                where=self._part.where,
                note=self._part.owner,
            )
        return found

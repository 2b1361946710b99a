"""Names of columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sci.api import DataError
from sci.api.errors import Place


def check_names(names: Sequence[str], where: Place, hint: str = "") -> None:
    """Raise `DataError` for a name that is empty, begins or ends with a blank, or occurs twice."""
    for position, name in enumerate(names, 1):
        if not name.strip():
            raise DataError(f"column {position} has no name", id="data.column-name", where=where, hint=hint)
        if name != name.strip():
            raise DataError(
                f"the name of column {position}, {name!r}, begins or ends with a blank",
                id="data.column-name",
                where=where,
                hint=f"the name without it: {name.strip()}",
            )
    repeated = [(name, count) for name, count in Counter(names).items() if count > 1]
    if repeated:
        name, count = repeated[0]
        raise DataError(f"{count} columns are called `{name}`", id="data.column-name", where=where, hint=hint)


def require_columns(wanted: Iterable[str], names: Sequence[str], setting: str, where: Place | None = None) -> None:
    """Raise `DataError` for a column that a setting names and the data do not have."""
    for name in wanted:
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.75)
            more = f" and {len(names) - 8} more" if len(names) > 8 else ""
            raise DataError(
                f"the data have no column `{name}`" + (f"; did you mean `{near[0]}`?" if near else ""),
                id="data.column",
                where=where,
                note=f"the data have: {', '.join(names[:8])}{more}",
                hint=f"{setting}: {near[0]}" if near else "",
            )

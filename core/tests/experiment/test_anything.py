"""Whatever stands where in an experiment, the answer is an experiment or a list of mistakes."""

from __future__ import annotations

import copy
import json
import pathlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sci.api.errors import SciError, SeveralErrors
from sci.experiment.document import Document, walk
from sci.experiment.load import assembled
from sci.experiment.reading import parsed

WORDS = [
    "",
    "name",
    "csv",
    "logistic",
    "adamw",
    "f1",
    "loss",
    "all",
    "numpy",
    "text",
    "columns",
    "seed",
    "é\n",
    "x" * 200,
]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    LEAVES | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_gives_an_experiment_or_mistakes(registry, stand_ins, data):
    value = copy.deepcopy(parsed(stand_ins.GOOD + "study: {seeds: 1}\naudit: {duplicates: warn}\n", "f").value)
    for _ in range(data.draw(st.integers(1, 3))):
        keys = data.draw(st.sampled_from([keys for keys, _ in walk(value) if keys]))
        holder = value
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = data.draw(VALUES)

    try:
        loaded = assembled(Document.of(value, "f"), registry, path=pathlib.Path("f"))
    except SciError as error:
        mistakes = error.errors if isinstance(error, SeveralErrors) else (error,)
        found = [
            (one.exit_code in (2, 3, 4, 9), bool(one.id), one.where is not None, len(one.message) < 1000)
            for one in mistakes
        ]
    else:
        found = [(json.loads(json.dumps(loaded.resolved)) == loaded.resolved,)]

    assert all(all(good) for good in found)

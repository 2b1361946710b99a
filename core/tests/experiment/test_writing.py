from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sci.experiment.reading import parsed, parsed_value
from sci.experiment.writing import inline, to_yaml

WORDS = [
    "no",
    "on",
    "y",
    "5e-4",
    "010",
    "1_000",
    "12:30",
    "true",
    "null",
    "~",
    "",
    ".nan",
    "-0",
    "a: b",
    "- a",
    "# x",
    "é",
    "\t",
]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x != 0 or str(x) == "0.0"),
    st.sampled_from(WORDS),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=20),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "name", "5", "no"]), VALUES, min_size=1, max_size=5))
def test_what_is_written_reads_back_to_the_same(value):
    document = parsed(to_yaml(value), "f")

    assert document.mistakes == ()
    assert document.value == value


@pytest.mark.parametrize("text", WORDS)
def test_a_text_stays_a_text(text):
    assert parsed(to_yaml({"a": text}), "f").value == {"a": text}


def test_one_line_is_enough_for_a_mapping():
    value = {"name": "csv", "columns": ["a", "5"], "rate": 0.5}

    assert "\n" not in inline(value)
    assert parsed_value(inline(value), "--set a") == value

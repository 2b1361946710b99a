from __future__ import annotations

import pytest

from sci.api import DataError, Feature
from sci.pipeline.reserved import require_free_inputs, require_free_part


@pytest.mark.parametrize("name", ["target", "target.label", "numbers", "weight"])
def test_an_input_is_not_called_as_targets_are(name):
    with pytest.raises(DataError, match=f"an input is called `{name}`"):
        require_free_inputs({name: Feature("tokens", ragged=True)}, None)


@pytest.mark.parametrize("kind", ["number", "boolean", "category"])
def test_numbers_and_categories_may_be_called_so(kind):
    require_free_inputs({"target.x": Feature(kind), "targeted": Feature("text")}, None)


def test_no_column_is_called_as_the_parts_of_a_split_are():
    require_free_part(["split", "part"], "a.csv")
    with pytest.raises(DataError, match=r"a column is called `split\.part`"):
        require_free_part(["x", "split.part"], "a.csv")

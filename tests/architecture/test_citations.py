"""Every method that a distribution of this repository brings is cited with authors, title and year."""

from __future__ import annotations

import bibtexparser
import pytest

from sci.api import ComponentConfig, Work
from sci.pipeline.locked import citations
from sci.pipeline.runner import plugins
from sci.runs.bibtex import bibtex, entries

WITHOUT = {
    ("metrics", "accuracy"): "a definition: the share of rows that are right",
    ("metrics", "masked-accuracy"): "a definition: the share of tokens that are right",
    ("metrics", "token-accuracy"): "a definition: the share of words that are right",
    ("metrics", "exact-match"): "a definition: the share of texts that are the target",
    ("metrics", "mse"): "a definition: the mean of squares",
    ("splitters", "random"): "a draw",
    ("splitters", "predefined"): "somebody else's split, whose paper the data's authors name",
    ("baselines", "majority"): "a definition: the most frequent class",
    ("baselines", "copy-source"): "a definition: the input itself",
    ("baselines", "mean"): "a definition",
    ("audits", "constant-columns"): "a definition: one value",
    ("audits", "missing-classes"): "a definition: no row",
    ("analyses", "confusion-matrix"): "a table of counts",
    ("analyses", "error-browser"): "a list of rows",
    ("analyses", "learning-curve"): "a figure of what training wrote down",
}
"""What judges a model and cites nothing, and why."""
JUDGING = {
    "metrics",
    "splitters",
    "intervals",
    "comparisons",
    "calibrators",
    "baselines",
    "controls",
    "audits",
    "analyses",
}


def own():
    return [entry for entry in plugins().registry.entries() if entry.record.distribution.startswith("sci-")]


@pytest.fixture(scope="module")
def cited():
    found = own()
    return {(entry.kind, entry.spec.name): (entry, ComponentConfig()) for entry in found if entry.spec.cite}


def test_all_references_are_works(cited):
    assert len(cited) > 40
    assert [where for where, (entry, _) in cited.items() if not isinstance(entry.works()[0], Work)] == []


def test_what_judges_a_model_cites_its_source_or_says_why_not():
    bare = {(entry.kind, entry.spec.name) for entry in own() if entry.kind in JUDGING and not entry.spec.cite}
    assert bare == set(WITHOUT)


def test_they_are_bibtex_that_a_parser_reads(cited):
    read = bibtexparser.parse_string(bibtex(entries({"citations": citations(cited)})))
    assert read.failed_blocks == []
    own, *others = read.entries
    assert own.key == "sci-core"
    assert len(others) == len({entry.works()[0] for entry, _ in cited.values()})
    for one in others:
        fields = {field.key: field.value for field in one.fields}
        assert {"author", "title", "year", "note"} <= set(fields), one.key
        assert 1800 < int(fields["year"]) < 2100


def test_the_same_work_is_written_the_same_everywhere(cited):
    found = {}
    for entry, _ in cited.values():
        (work,) = entry.works()
        assert found.setdefault(work.key, work) == work


def test_a_data_set_that_was_published_is_cited():
    sources = {one.spec.name: one for one in plugins().registry.entries("sources")}
    for name, author in (("iris", "Fisher"), ("breast-cancer", "Street"), ("digits", "Alpaydin")):
        settings = sources["sklearn"].settings({"dataset": name})
        assert [work.families[0] for work in sources["sklearn"].works(settings)] == [author]
    assert sources["sklearn"].works(sources["sklearn"].settings({"dataset": "linnerud"})) == []

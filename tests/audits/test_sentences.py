"""What the audits say is said in both languages of the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sci_report.catalogue import recognize
from sci_report.prose import plain
from sci_report.words import Sentence

RAW = json.loads((Path(__file__).resolve().parents[2] / "docs/reference/audits.json").read_text(encoding="utf-8"))
SAID = sorted(
    {one for trial in RAW["planted"] for one in trial["said"]}
    | {one["message"] for s in RAW["clean"] for one in s["said"]}
)


@pytest.mark.parametrize("message", SAID)
def test_what_the_trials_heard_is_said_in_chinese(message):
    assert recognize(message) is not None
    assert not {"the", "and", "of", "rows"} & set(plain(Sentence(message), "zh-Hans").split())


def test_every_audit_speaks_in_the_trials():
    assert len(SAID) > 40
    assert len({trial["check"] for trial in RAW["planted"]}) >= 9

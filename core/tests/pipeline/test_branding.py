"""Whose study it is: from the policies in force to what reporters are handed."""

from __future__ import annotations

import pytest

from sci.api import Branding
from sci.api.errors import PolicyError
from sci.pipeline.branding import LARGEST, branding
from sci.plugins.policy import Policy
from sci.plugins.policyfile import read_policy_file


@pytest.fixture
def policy(tmp_path):
    def written(*texts: str) -> Policy:
        files = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.yaml"
            path.write_text(text, encoding="utf-8")
            files.append(read_policy_file(path))
        return Policy(tuple(files))

    return written


def test_the_highest_level_that_has_one_is_shown(policy, tmp_path):
    (tmp_path / "us.png").write_bytes(b"\x89PNG")

    found = branding(
        policy(
            "contact: us",
            "report: {branding: {name: Us, line: Ours., logo: us.png}}",
            "report: {branding: {name: Them}}",
        )
    )

    assert found == Branding("Us", "Ours.", b"\x89PNG", "image/png")
    assert branding(policy("report: {branding: {name: Them}}")) == Branding("Them")
    assert branding(policy("contact: us")) is None


@pytest.mark.parametrize("size", [None, LARGEST + 1])
def test_a_logo_that_is_not_there_or_too_large_stops_a_run_before_it_begins(policy, tmp_path, size):
    if size is not None:
        (tmp_path / "us.svg").write_bytes(b" " * size)

    with pytest.raises(PolicyError) as caught:
        branding(policy("report:\n  branding: {name: Us, logo: us.svg}"))

    assert (caught.value.id, caught.value.where.line) == ("policy.logo", 2)


def test_a_logo_lies_beside_the_policy_and_nowhere_else(policy, tmp_path):
    (tmp_path / "away.png").symlink_to("/etc/hostname")

    for logo in ("/etc/passwd", "../x.png", "away.png"):
        with pytest.raises(PolicyError, match="is no png, svg or jpeg beside this file"):
            policy(f"report: {{branding: {{name: Us, logo: {logo}}}}}")

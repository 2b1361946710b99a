"""Licenses that plugins state, against those that a policy allows."""

from __future__ import annotations

import pytest

from sci.plugins.licenses import fits
from sci.plugins.policy import Policy
from sci.plugins.policyfile import read_policy_file
from sci.plugins.selection import scan

ALLOWED = ["Apache-2.0", "MIT", "BSD-*", "GPL-3.0-only WITH Classpath-exception-2.0"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Apache-2.0", True),
        ("apache-2.0", True),
        ("BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR (MIT AND BSD-2-Clause)", True),
        ("(GPL-3.0-only OR MIT) AND ISC", False),
        ("GPL-3.0-only WITH Classpath-exception-2.0", True),
        ("MIT (see file)", False),
        ("MIT OR", False),
        ("(MIT", False),
        ("MIT)", False),
        ("", False),
        ("Proprietary, all rights reserved", False),
    ],
)
def test_an_expression_fits_when_it_can_be_met_with_allowed_licenses(expression, expected):
    assert fits(expression, ALLOWED) is expected


def test_a_plugin_with_another_license_is_denied_before_it_is_imported(site, tmp_path):
    (tmp_path / "p.yaml").write_text("name: house\nlicenses:\n  - MIT\n")
    policy = Policy((read_policy_file(tmp_path / "p.yaml"),))
    site.add("sci-free", "", headers="License-Expression: MIT\n")
    site.add("sci-bound", "raise SystemExit", headers="License-Expression: GPL-3.0-only\n")
    site.add("sci-silent", "raise SystemExit")

    records = {one.distribution: one for one in site.system(policy).records}

    where = f"({tmp_path / 'p.yaml'}:3)"
    assert records["sci-free"].status == "ok"
    assert records["sci-bound"].reason == f"by policy house: its license `GPL-3.0-only` is not allowed {where}"
    assert records["sci-silent"].reason == f"by policy house: it states no license {where}"
    assert [one.status for one in scan(policy, discovery=site.discovery, environ={})] == [
        "denied",
        "installed",
        "denied",
    ]

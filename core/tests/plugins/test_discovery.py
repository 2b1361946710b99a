"""What stevedore would do by itself and must not do here."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest
from stevedore.extension import ExtensionManager

from sci.plugins.discovery import BUNDLES, PLUGINS, Discovery
from sci.plugins.manager import assemble
from sci.plugins.policy import Policy
from sci.plugins.policyfile import read_policy_file
from sci.plugins.selection import scan


def imported(prefix: str) -> list[str]:
    return [name for name in sys.modules if name.startswith(prefix)]


def test_finding_plugins_imports_none_of_them(site, metric):
    site.add("sci-quietone", metric("sci_quietone", "tone"))

    found = site.discovery.find()

    assert [(one.name, one.value) for one in found] == [("quietone", "sci_quietone.plugin")]
    assert imported("sci_quietone") == []


def test_a_changed_entry_point_is_seen_at_once(site, metric):
    site.add("sci-edited", metric("sci_edited", "tone"))
    file = next(site.path.glob("sci_edited-*.dist-info")) / "entry_points.txt"
    before = file.stat().st_mtime
    site.discovery.find()

    file.write_text("[sci.plugins]\nrenamed = sci_edited.plugin\n")
    os.utime(file, (before + 30, before + 30))

    assert [one.name for one in site.discovery.find()] == ["renamed"]


def test_stevedores_caches_stay_unused(site, metric, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(ExtensionManager, "ENTRY_POINT_CACHE", {})
    site.add("sci-cached", metric("sci_cached", "tone"))

    site.system()

    assert ExtensionManager.ENTRY_POINT_CACHE == {}
    assert not (tmp_path / "cache").exists()


def test_a_broken_plugin_keeps_its_distribution_and_version(site):
    site.add("sci-bad", "raise RuntimeError('no licence')", version="0.3.1")

    [record] = site.system().records

    assert (record.title, record.status) == ("sci-bad 0.3.1", "broken")
    assert record.reason == "RuntimeError: no licence (sci_bad/plugin.py:1)"
    assert isinstance(record.error, RuntimeError)


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("assert False, 'never'", "AssertionError: never"),
        ("raise BaseException('low')", "BaseException: low"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("import sci_nowhere", "ModuleNotFoundError: No module named 'sci_nowhere'"),
        ("def sci_models(:", "SyntaxError"),
        ("f = lambda n: f(n + 1)\nf(0)", "RecursionError"),
    ],
)
def test_whatever_a_plugin_raises_is_kept_and_the_next_one_loads(site, metric, source, cause):
    site.add("sci-abad", source)
    site.add("sci-good", metric("sci_good", "tone"))

    bad, good = site.system().records

    assert bad.status == "broken"
    assert bad.reason.startswith(cause)
    assert "sci_abad/plugin.py" in bad.reason
    assert good.status == "ok"


def test_control_c_is_not_a_fault_of_the_plugin(site):
    site.add("sci-stopped", "raise KeyboardInterrupt")

    with pytest.raises(KeyboardInterrupt):
        site.system()


def test_a_denied_distribution_is_never_imported(site, tmp_path):
    canary = tmp_path / "canary"
    site.add("lab-cloud", f"open({str(canary)!r}, 'w')", name="cloud")
    policy = tmp_path / "policy.yaml"
    policy.write_text("plugins: {deny: [lab_cloud]}")

    [record] = site.system(Policy.read([policy])).records

    assert record.status == "denied"
    assert record.reason == f"by policy ({policy}:1)"
    assert not canary.exists()
    assert imported("lab_cloud") == []


def test_a_plugin_that_fails_is_not_also_reported_missing(site, caplog):
    site.add("sci-bad", "raise RuntimeError")

    with caplog.at_level(logging.DEBUG, logger="stevedore"):
        site.system()

    assert [entry for entry in caplog.records if entry.levelno >= logging.WARNING] == []


def test_two_distributions_with_one_name_are_both_left_out_wherever_they_stand(site, metric):
    site.add("sci-one", metric("sci_one", "a"), name="spectra")
    site.add("sci-two", metric("sci_two", "b"), name="other")
    site.add("sci-three", metric("sci_three", "c"), name="spectra")

    system = site.system()

    assert {record.distribution: record.status for record in system.records} == {
        "sci-one": "duplicate",
        "sci-three": "duplicate",
        "sci-two": "ok",
    }
    assert "the entry point `spectra` is declared by sci-one 1.0 and sci-three 1.0" in system.warnings()[0]
    assert imported("sci_one") + imported("sci_three") == []


def test_disabling_one_of_two_with_the_same_name_brings_the_other_back(site, metric):
    site.add("sci-one", metric("sci_one", "a"), name="spectra")
    site.add("sci-three", metric("sci_three", "c"), name="spectra")

    system = site.system(environ={"SCI_DISABLE_PLUGINS": "sci-three"})

    assert {record.distribution: record.status for record in system.records} == {
        "sci-one": "ok",
        "sci-three": "disabled",
    }


def test_a_denied_distribution_does_not_ride_on_the_name_of_an_allowed_one(site, metric, tmp_path):
    canary = tmp_path / "canary"
    site.add("evil", f"open({str(canary)!r}, 'w')", name="text")
    site.add("sci-text", metric("sci_text", "a"), name="text")
    policy = tmp_path / "policy.yaml"
    policy.write_text("plugins: {mode: allowlist, allow: [text]}")

    records = site.system(Policy((read_policy_file(policy),))).records

    assert {record.distribution: record.status for record in records} == {"evil": "denied", "sci-text": "ok"}
    assert not canary.exists()


def test_each_name_loads_its_own_module(site, metric):
    for letter in "abc":
        site.add(f"sci-p{letter}", metric(f"sci_p{letter}", letter))

    names = {record.name: [spec.name for spec in record.specs["metrics"]] for record in site.system().records}

    assert names == {"pa": ["a"], "pb": ["b"], "pc": ["c"]}


def test_records_are_sorted_by_name_whatever_the_order_of_the_files(site, metric):
    for name in ("zebra", "apple", "mango"):
        site.add(f"sci-{name}", metric(f"sci_{name}", name))

    assert [record.name for record in site.system().records] == ["apple", "mango", "zebra"]


def test_a_damaged_entry_point_file_hides_nobody_else(site, metric):
    site.add("sci-damaged", "")
    (next(site.path.glob("sci_damaged-*")) / "entry_points.txt").write_bytes(b"[sci.plugins]\nx = \xff\xfe\n")
    site.add("stranger", "")
    (next(site.path.glob("stranger-*")) / "entry_points.txt").write_bytes(b"[console_scripts]\nx = \xff\xfe\n")
    site.add("sci-good", metric("sci_good", "tone"))

    records = {record.distribution: record for record in site.system().records}

    assert {name: record.status for name, record in records.items()} == {"sci-good": "ok", "sci-damaged": "broken"}
    assert records["sci-damaged"].reason == "its entry_points.txt is not UTF-8"


def test_an_entry_point_line_without_a_value_is_a_fault_of_its_distribution(site, metric):
    site.add("sci-damaged", "")
    (next(site.path.glob("sci_damaged-*")) / "entry_points.txt").write_text("[sci.plugins]\nnonsense\n")
    site.add("sci-good", metric("sci_good", "tone"))

    records = {record.distribution: record for record in site.system().records}

    assert records["sci-good"].status == "ok"
    assert "entry_points.txt cannot be read" in records["sci-damaged"].reason


def test_the_first_distribution_on_the_path_hides_an_older_copy(site, metric, tmp_path):
    site.add("sci-twice", metric("sci_twice", "tone"), version="2.0")
    site.add("sci-twice", metric("sci_twice", "tone"), version="1.0", folder=tmp_path / "old")

    found = Discovery([str(site.path), str(tmp_path / "old")]).find()

    assert [one.metadata.version for one in found] == ["2.0"]


def test_the_two_groups_are_kept_apart(site, metric):
    site.add("sci-both", metric("sci_both", "tone"))
    file = next(site.path.glob("sci_both-*")) / "entry_points.txt"
    file.write_text("[sci.plugins]\nboth = sci_both.plugin\n\n[sci.bundles]\nhouse = sci_both:BUNDLE\n")

    assert [one.name for one in site.discovery.find(PLUGINS)] == ["both"]
    assert [one.name for one in site.discovery.find(BUNDLES)] == ["house"]


@pytest.mark.parametrize("name", ["Spectra", "9lives", "a_b", "x y"])
def test_a_name_that_nobody_could_type_is_a_fault(site, metric, name):
    site.add("sci-odd", metric("sci_odd", "tone"), name=name)

    [record] = site.system().records

    assert record.status == "broken"
    assert f"`{name}` is not lower case, digits and hyphens" in record.reason


def test_an_entry_point_may_name_an_object(site):
    site.add(
        "sci-object",
        """
        from sci.api import ComponentSpec, hookimpl

        class Plugin:
            @hookimpl
            def sci_metrics(self):
                return [ComponentSpec("tone", "sci_object.tone:Tone")]

        plugin = Plugin()
        """,
        module="sci_object.plugin:plugin",
    )

    [record] = site.system().records

    assert record.status == "ok"
    assert [spec.name for spec in record.specs["metrics"]] == ["tone"]


def test_plugins_can_be_found_in_zip_files(site, metric, tmp_path, monkeypatch):
    import zipfile

    site.add("sci-zipped", metric("sci_zipped", "tone"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in site.path.rglob("*"):
            archive.write(file, file.relative_to(site.path))
    monkeypatch.syspath_prepend(str(tmp_path / "all.zip"))
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != str(site.path)])

    found = Discovery([str(tmp_path / "all.zip")])

    assert [record.status for record in assemble(Policy(), discovery=found, environ={}).records] == ["ok"]
    for name in imported("sci_zipped"):
        del sys.modules[name]


def test_scanning_reports_metadata_only(site, metric):
    site.add(
        "sci-told",
        metric("sci_told", "tone"),
        version="0.3.1",
        headers="License-Expression: MIT\nProject-URL: Issues, https://example.org/i\nProject-URL: Homepage, https://example.org\n",
        requires=["sci-core>=0.1,<2", "numpy>=1"],
    )

    [record] = scan(Policy(), discovery=site.discovery, environ={})

    assert (record.title, record.status, record.summary) == ("sci-told 0.3.1", "installed", "About sci-told")
    assert (record.license, record.home, record.needs) == ("MIT", "https://example.org", ">=0.1,<2")
    assert imported("sci_told") == []


def test_a_missing_search_path_is_an_empty_one():
    assert Discovery([str(Path("/nonexistent"))]).find() == []

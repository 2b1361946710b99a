"""Policies: what they say, how they are merged, and that a doubtful one stops everything."""

from __future__ import annotations

import datetime
import os

import pytest

from sci.api.errors import PolicyError, SeveralErrors
from sci.plugins.manager import load
from sci.plugins.policy import Policy, policy_paths
from sci.plugins.policyfile import read_policy_file
from sci.plugins.selection import scan

HOSPITAL = """\
name: st-mary-hospital
message: No model leaves the house without a review.
contact: data-office@st-mary.example
plugins:
  mode: allowlist
  allow: [sci-text, acme-*, tone]
  deny:
    - acme-cloud
components:
  deny:
    - deployers/huggingface
    - "*/pickle*"
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "policy.yaml") -> Policy:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return Policy.read([path])

    return write


def test_no_policy_denies_nothing():
    assert Policy().plugin("anything", "any") is None
    assert Policy().component("models", "bert") is None


@pytest.mark.parametrize(
    ("distribution", "name", "allowed"),
    [
        ("sci-text", "text", True),
        ("Sci_Text", "text", True),
        ("sci.text", "text", True),
        ("acme-spectra", "spectra", True),
        ("sci-tone", "tone", True),
        ("acme-cloud", "cloud", False),
        ("ACME.Cloud", "cloud", False),
        ("evil", "text", False),
        ("evil", "tone", False),
        ("sci-texture", "texture", False),
        ("my-acme-thing", "thing", False),
    ],
)
def test_allow_lists_name_distributions_and_deny_always_wins(written, distribution, name, allowed):
    denial = written(HOSPITAL).plugin(distribution, name)

    assert (denial is None) is allowed


def test_a_deny_rule_matches_the_entry_point_too(written):
    policy = written("plugins: {deny: [cloud]}")

    assert policy.plugin("harmless-looking", "cloud") is not None
    assert policy.plugin("sci-cloud", "sky") is not None


def test_a_denial_says_who_denies_where_and_whom_to_ask(written, tmp_path):
    policy = written(HOSPITAL)
    file = tmp_path / "policy.yaml"

    by_name = policy.plugin("acme-cloud", "cloud")
    by_list = policy.plugin("sci-vision", "vision")

    assert by_name.reason == f"by policy st-mary-hospital ({file}:8)"
    assert by_list.reason == f"by policy st-mary-hospital: not on its allow-list ({file}:5)"
    assert by_name.note == (f'"No model leaves the house without a review." {file}:8, ask: data-office@st-mary.example')
    assert (by_name.place.line, by_name.place.column) == (8, 7)


def test_components_are_denied_by_kind_and_name(written):
    policy = written(HOSPITAL)

    assert policy.component("deployers", "huggingface").place.line == 11
    assert policy.component("trackers", "pickle-file") is not None
    assert policy.component("models", "huggingface") is None


def test_policies_are_merged_restrictively(written):
    first = written("plugins: {allow: [sci-a, sci-b]}", "first.yaml")
    second = written("plugins: {allow: [sci-b, sci-c], deny: [sci-d]}", "second.yaml")
    both = Policy(first.files + second.files)

    allowed = [name for name in ("sci-a", "sci-b", "sci-c", "sci-d") if both.plugin(name, name[4:]) is None]

    assert allowed == ["sci-b"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "the policy is empty"),
        ("# only a comment\n", None, "the policy is empty"),
        ("plugins: [", 1, "the policy is not YAML"),
        ("a: 1\n---\nb: 2", 2, "the policy is not YAML"),
        ("\tplugins: {}", 1, "the policy is not YAML"),
        ("- plugins", 1, "here stand the keys"),
        ("plugin: {}", 1, "`plugin` is no key of a policy; did you mean `plugins`?"),
        ("plugins:\n  dney: [x]", 2, "`dney` is no key of a policy; did you mean `deny`?"),
        ("plugins: {}\nplugins: {}", 2, "`plugins` is given twice"),
        ("plugins:\n  mode: closed", 2, "the mode is `closed`; it is `open` or `allowlist`"),
        ("plugins:\n  mode: open\n  allow: [x]", 3, "`allow` has no effect in mode `open`"),
        ("plugins: {deny: sci-x}", 1, "here stands a list"),
        ("plugins:\n  deny:\n    - [nested]", 3, "here stands one word or sentence"),
        ("plugins:\n  deny:\n    -", 3, "here stands one word or sentence"),
        ("plugins: {deny: [!!python/name:os.system x]}", 1, "here stands one word or sentence"),
        ("plugins: !!python/object/apply:os.system ['true']", 1, "here stand the keys"),
        ("&a [*a]", 1, "here stand the keys"),
        ("components: {deny: [deployer/onnx]}", 1, "`deployer/onnx` names no component"),
        ("components: {deny: [onnx]}", 1, "`onnx` names no component"),
        ("components: {deny: [deployers/Hugging_Face]}", 1, "`deployers/Hugging_Face` names no component"),
        ("plugins: {require: ['sci-audit>>1']}", 1, "`sci-audit>>1` is no requirement"),
        ("expires: soon\nplugins: {}", 1, "`soon` is no date"),
        ("expires: 2020-01-31\nplugins: {}", 1, "has expired on 2020-01-31"),
        ("name: x\nplugins: {deny: [a\0b]}", None, "the policy is not YAML"),
        ("[" * 5000, None, "the policy is not YAML"),
    ],
)
def test_a_policy_that_cannot_be_understood_stops_everything(written, tmp_path, text, line, message):
    with pytest.raises(PolicyError) as caught:
        written(text)

    assert message in caught.value.message
    assert caught.value.exit_code == 9
    assert caught.value.where.file == str(tmp_path / "policy.yaml")
    if line is not None:
        assert caught.value.where.line == line


def test_an_alias_bomb_is_small_because_nothing_is_expanded(written):
    lines = ["a: &a [x, x]"] + [f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(24)]

    with pytest.raises(PolicyError, match="`a` is no key"):
        written("\n".join(lines))


@pytest.mark.parametrize("name", ["folder", "fifo", "dangling", "latin", "huge", "zero"])
def test_a_policy_that_cannot_be_read_stops_everything(tmp_path, monkeypatch, name):
    path = tmp_path / "policy.yaml"
    if name == "folder":
        path.mkdir()
    elif name == "fifo":
        os.mkfifo(path)
    elif name == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif name == "latin":
        path.write_bytes("name: caf\xe9".encode("latin-1"))
    elif name == "huge":
        path.write_text("#" * 200_001)
    else:
        path.symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(PolicyError) as caught:
        Policy.here()
    assert caught.value.id == "policy.unreadable"


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"\xef\xbb\xbfplugins: {deny: [sci-x]}")

    assert Policy.read([path]).plugin("sci-x", "x") is not None


def test_a_policy_holds_up_to_its_last_day(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("expires: 2026-11-23\nplugins: {}")

    assert read_policy_file(path, datetime.date(2026, 11, 23)).name == str(path)
    with pytest.raises(PolicyError, match="has expired"):
        read_policy_file(path, datetime.date(2026, 11, 24))


def test_policies_are_looked_for_in_every_place(tmp_path, monkeypatch):
    places = ["system/sci", "user/sci", "project", "project/.sci", "here", "here/.sci"]
    for place in places:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "policy.yaml").write_text("plugins: {}")
    (tmp_path / "named.yaml").write_text("plugins: {}")
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path / "here")

    found = policy_paths(tmp_path / "project", {"SCI_POLICY": str(tmp_path / "named.yaml")})

    expected = [tmp_path / place / "policy.yaml" for place in places] + [tmp_path / "named.yaml"]
    assert sorted(found) == sorted(expected)


def test_a_policy_that_is_named_must_exist(tmp_path):
    paths = policy_paths(tmp_path, {"SCI_POLICY": str(tmp_path / "nowhere.yaml")})

    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.read(paths)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can look into every folder")
def test_a_folder_that_cannot_be_looked_into_stops_everything(tmp_path):
    (tmp_path / ".sci").mkdir(mode=0o000)

    with pytest.raises(PolicyError, match="cannot be seen"):
        policy_paths(tmp_path, {})


def test_what_a_policy_requires_must_be_in_use(site, metric, written):
    policy = written("name: house\nplugins:\n  require: [sci-audit>=2, sci-gone, 'numpy>=1']")
    site.add("sci-audit", metric("sci_audit", "tone"), version="1.5")

    with pytest.raises(SeveralErrors) as caught:
        load(policy, discovery=site.discovery, environ={})

    first, second = caught.value.errors
    assert caught.value.exit_code == 9
    assert first.message == "house requires `sci-audit>=2`, but 1.5 is installed"
    assert second.message == "house requires `sci-gone`, which is not installed"
    assert (first.where.line, second.hint) == (3, 'pip install "sci-gone"')


@pytest.mark.parametrize(
    ("source", "environ", "lack"),
    [
        ("raise OSError", {}, "which is broken: OSError"),
        ("", {"SCI_DISABLE_PLUGINS": "*"}, "which is disabled: by SCI_DISABLE_PLUGINS"),
    ],
)
def test_a_required_plugin_cannot_be_switched_off(site, written, source, environ, lack):
    site.add("sci-audit", source)

    with pytest.raises(PolicyError, match=lack):
        load(written("plugins: {require: [sci-audit]}"), discovery=site.discovery, environ=environ)


def test_what_one_policy_requires_and_another_denies_is_a_contradiction(site, metric, written):
    site.add("sci-audit", metric("sci_audit", "tone"))
    files = (
        written("plugins: {require: [sci-audit]}", "a.yaml").files + written("plugins: {deny: [audit]}", "b.yaml").files
    )

    with pytest.raises(PolicyError, match="which is denied: by policy"):
        load(Policy(files), discovery=site.discovery, environ={})


def test_listing_shows_the_line_that_denies(site, metric, written):
    site.add("sci-vision", metric("sci_vision", "tone"))

    [record] = scan(written(HOSPITAL), discovery=site.discovery, environ={})

    assert (record.status, record.where.line) == ("denied", 5)

"""Bundles: found without running their code, chosen by one rule, and told apart from what they are not."""

from __future__ import annotations

import json
import os
import sys

import pytest

from sci.api.errors import ConfigError, PolicyError
from sci.plugins.bundle import read_bundle
from sci.plugins.bundlechoice import named_by_hand, use
from sci.plugins.bundlelock import locked
from sci.plugins.discovery import BUNDLES, PLUGINS
from sci.plugins.manager import assemble, load
from sci.plugins.pip import pip
from sci.plugins.policy import Policy, read_policies
from sci.plugins.wheelhouse import collect

RULES = "message: Ask first.\nplugins: {deny: [sci-cloud]}\n"


@pytest.fixture
def add(site):
    """Install a bundle whose code ends the program when it is imported."""

    def adds(name: str, rules: str = RULES, *, version: str = "2026.3", value: str | None = None) -> None:
        package = f"{name.replace('-', '_')}_bundle"
        info = site.path / f"{package}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}-bundle\nVersion: {version}\nSummary: Ours\n"
        )
        (info / "entry_points.txt").write_text(f"[sci.bundles]\n{name} = {value or package}\n")
        (info / "RECORD").write_text("")
        (site.path / package).mkdir(exist_ok=True)
        (site.path / package / "__init__.py").write_text("raise SystemExit('imported')")
        (site.path / package / "bundle.yaml").write_text(rules, encoding="utf-8")

    return adds


@pytest.fixture
def here(site, tmp_path, monkeypatch):
    """The policy for an empty project, with folders of configuration of its own."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(project)

    def looks(**environ: str) -> Policy:
        return Policy.here(discovery=site.discovery, environ=environ)

    return looks


def test_without_bundles_and_policies_nothing_is_in_force(here):
    policy = here()

    assert (policy.files, policy.bundle, policy.notice) == ((), None, "")


def test_a_bundle_is_read_without_importing_it(site, add, here, metric):
    add("acme")
    site.add("sci-cloud", metric("sci_cloud", "sky"))

    policy = here()
    [record] = assemble(policy, discovery=site.discovery, environ={}).records

    assert "acme_bundle" not in sys.modules
    assert (policy.bundle.title, policy.bundle.distribution, policy.bundle.summary) == (
        "acme 2026.3",
        "acme-bundle",
        "Ours",
    )
    assert record.status == "denied"
    assert record.reason == f"by bundle acme 2026.3 ({policy.bundle.file}:2)"
    assert policy.notice == "note: the bundle acme 2026.3 is in force, the only one installed"
    assert set(policy.bundle.identity) == {"name", "distribution", "version", "sha256"}


def test_an_editable_bundle_is_found_where_python_would_look(site, add, here, tmp_path, monkeypatch):
    add("acme")
    elsewhere = tmp_path / "sources"
    elsewhere.mkdir()
    (site.path / "acme_bundle").rename(elsewhere / "acme_bundle")
    monkeypatch.syspath_prepend(str(elsewhere))

    assert here().bundle.file == elsewhere / "acme_bundle" / "bundle.yaml"
    assert "acme_bundle" not in sys.modules


def test_a_package_in_the_project_does_not_stand_in_for_an_installed_bundle(add, here, tmp_path, monkeypatch):
    add("acme")
    fake = tmp_path / "project" / "acme_bundle"
    fake.mkdir()
    (fake / "__init__.py").touch()
    (fake / "bundle.yaml").write_text("message: Anything goes.")
    monkeypatch.syspath_prepend(str(fake.parent))

    assert here().plugin("sci-cloud", "cloud") is not None


def test_several_bundles_and_no_choice_is_an_error_that_names_them(add, here):
    add("acme")
    add("zeta")

    with pytest.raises(ConfigError) as caught:
        here()

    assert (caught.value.id, caught.value.hint) == ("bundle.several", "sci bundle use acme")
    assert caught.value.message == "2 bundles are installed, and none is chosen: acme, zeta"


def test_the_system_chooses_before_the_variable_and_the_variable_before_the_project(add, here, tmp_path):
    for name in ("acme", "beta", "zeta"):
        add(name)
    use("zeta", [], tmp_path / "project")

    assert here().bundle.name == "zeta"
    assert here().notice == ""
    assert here(SCI_BUNDLE="beta").bundle.name == "beta"
    (tmp_path / "system" / "sci").mkdir(parents=True)
    (tmp_path / "system" / "sci" / "policy.yaml").write_text("bundle: acme")
    assert here(SCI_BUNDLE="beta").bundle.name == "acme"
    with pytest.raises(PolicyError) as caught:
        use("beta", read_policies(environ={}), tmp_path / "project")
    assert (caught.value.id, caught.value.where.line) == ("bundle.system", 1)
    use("acme", read_policies(environ={}), tmp_path / "project")


def test_the_choice_of_a_project_holds_in_the_folders_below_it(add, here, tmp_path, monkeypatch):
    add("acme")
    add("zeta")
    path = use("zeta", [], tmp_path / "project")
    below = tmp_path / "project" / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert path.read_text() == "zeta\n"
    assert here().bundle.name == "zeta"


@pytest.mark.parametrize("environ", [{}, {"SCI_BUNDLE": "acne"}])
def test_a_chosen_bundle_that_is_not_installed_stops_everything(add, here, tmp_path, environ):
    add("acme")
    if not environ:
        use("acne", [], tmp_path / "project")

    with pytest.raises(PolicyError) as caught:
        here(**environ)

    assert caught.value.id == "bundle.missing"
    assert caught.value.message == "the bundle `acne` is not installed; did you mean `acme`?"
    assert caught.value.where.file == (os.path.join(".sci", "bundle") if not environ else "SCI_BUNDLE")


def test_only_an_installed_bundle_can_be_typed(site, add):
    add("acme")
    found = site.discovery.find(BUNDLES)

    assert named_by_hand("ACME", found).name == "acme"
    with pytest.raises(ConfigError, match="no bundle `acne` is installed; did you mean `acme`"):
        named_by_hand("acne", found)


@pytest.mark.parametrize("value", ["elsewhere", "acme_bundle.inner", "../acme", "acme_bundle:BUNDLE"])
def test_an_entry_point_has_to_name_the_package_of_the_file(site, add, here, value):
    add("acme", value=value)

    if value == "acme_bundle:BUNDLE":
        assert here().bundle.name == "acme"
        return
    with pytest.raises(PolicyError) as caught:
        here()
    assert caught.value.id == "bundle.file"
    assert value in caught.value.note


def test_a_bundle_that_cannot_be_read_stops_everything(add, here):
    add("acme", "plugins: {alow: [sci-data]}")

    with pytest.raises(PolicyError) as caught:
        here()

    assert caught.value.message == "`alow` is no key of a policy; did you mean `allow`?"
    assert (caught.value.where.line, caught.value.where.column) == (1, 11)


def test_a_bundle_that_restricts_nothing_is_no_news(add, here):
    add("acme", "contact: us@acme.example")

    assert (here().bundle.name, here().notice) == ("acme", "")


def test_precedence_is_system_bundle_project_user(add, here, tmp_path):
    add("acme")
    for folder in ("system/sci", "user/sci", "project"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "policy.yaml").write_text("plugins: {}")

    assert [file.level for file in here().files] == ["system", "bundle", "project", "user"]


def test_denials_add_up_and_allow_lists_narrow(add, here, tmp_path):
    add("acme", "plugins: {mode: allowlist, allow: [sci-*]}")
    (tmp_path / "project" / "policy.yaml").write_text("plugins: {mode: allowlist, allow: [sci-a, other]}")
    policy = here()

    assert policy.plugin("sci-a", "a") is None
    assert policy.plugin("sci-b", "b").policy.level == "project"
    assert policy.plugin("other", "other").policy.level == "bundle"


def test_offline_refuses_what_speaks_to_other_machines(site, here, add):
    add("acme", "message: Nothing leaves.\noffline: true")
    source = """
    from sci.api import ComponentSpec, hookimpl

    @hookimpl
    def sci_deployers():
        return [
            ComponentSpec("upload", "sci_push.upload:Upload", traits=frozenset({"network"})),
            ComponentSpec("folder", "sci_push.folder:Folder"),
        ]
    """
    site.add("sci-push", source)

    registry = assemble(here(), discovery=site.discovery, environ={}).registry

    assert registry.names("deployers") == ["folder"]
    with pytest.raises(PolicyError) as caught:
        registry.find("deployers", "upload")
    assert caught.value.message == "deployer `upload` is denied by acme 2026.3"
    assert caught.value.note.startswith('"Nothing leaves." ')
    assert registry.find("deployers", "folder").spec.name == "folder"


def test_offline_holds_off_the_client_of_the_hub(here, add, site, monkeypatch):
    add("acme", "offline: true")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")

    load(here(), discovery=site.discovery)

    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_metadata_of_plugins_and_bundles_are_read_in_one_pass(site, add, metric):
    add("acme")
    site.add("sci-tone", metric("sci_tone", "tone"))

    survey = site.discovery.survey()

    assert [one.name for one in survey[BUNDLES]] == ["acme"]
    assert [one.name for one in survey[PLUGINS]] == ["tone"]
    assert [one.name for one in site.discovery.find(PLUGINS)] == ["tone"]


def test_templates_of_the_house_are_listed(site, add):
    add("acme")
    folder = site.path / "acme_bundle" / "experiments" / "ward"
    folder.mkdir(parents=True)
    (folder / "experiment.yaml").write_text("format: 1")
    (folder.parent / "notes").mkdir()

    bundle = read_bundle(site.discovery.find(BUNDLES)[0])

    assert bundle.templates() == {"ward": folder}


def test_the_verbs_show_and_use_speak_for_people_and_programs(sci, site, add):
    add("acme", "message: Ask first.\ndefaults:\n  training.epochs: 3\n")
    add("zeta")

    several = sci("bundle", "show", path=[site.path])
    used = sci("bundle", "use", "acme", path=[site.path])
    shown = sci("bundle", "show", path=[site.path])
    asked = sci("bundle", "show", "--why", "training.epochs", path=[site.path])
    other = sci("bundle", "show", "zeta", "--json", path=[site.path])
    slip = sci("bundle", "use", "acne", path=[site.path])

    assert (several.returncode, used.returncode, shown.returncode, slip.returncode) == (2, 0, 0, 2)
    assert "acme 2026.3 is in force for this project (written to .sci/bundle)" in used.stdout
    assert shown.stdout.startswith("acme 2026.3 from acme-bundle is in force: Ours\ntraining.epochs   3   default   ")
    file = site.path / "acme_bundle" / "bundle.yaml"
    assert asked.stdout.splitlines() == [
        f"training.epochs: 3   default, set by bundle acme 2026.3 ({file}:3)",
        "system, project and user say nothing",
    ]
    found = json.loads(other.stdout)
    assert (found["bundle"]["name"], found["rules"][0]["value"], found["rules"][0]["line"]) == ("zeta", "sci-cloud", 2)


def test_a_new_bundle_can_be_put_in_force_at_once(sci):
    made = sci("bundle", "new", "st-mary")
    again = sci("bundle", "new", "st-mary")
    badly = sci("bundle", "new", "St. Mary")

    assert (made.returncode, again.returncode, badly.returncode) == (0, 2, 2)
    assert "st-mary-bundle exists" in again.stderr.replace("`", "")
    assert "type: st-mary" in badly.stderr
    folder = sci.folder / "st-mary-bundle"
    assert "{{" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_what_cannot_be_collected_is_said_before_anything_is_written(add, tmp_path):
    add("acme")

    with pytest.raises(ConfigError, match="cannot be read") as unread:
        collect("acme", tmp_path / "house", lock=tmp_path / "nothing.lock")
    with pytest.raises(ConfigError, match="nothing is overwritten"):
        collect("acme", tmp_path)
    with pytest.raises(ConfigError, match="no bundle `acne` is installed"):
        locked("acne")

    assert unread.value.id == "bundle.lock"
    assert not (tmp_path / "house").exists()


def test_pip_is_quoted_without_the_address_of_an_index(monkeypatch):
    monkeypatch.setenv("PIP_RETRIES", "0")

    with pytest.raises(ConfigError) as caught:
        pip("download", "no-such-thing @ http://user:secret@127.0.0.1:9/no-such-thing.zip", doing="collect it")

    assert caught.value.id == "bundle.pip"
    assert "secret" not in caught.value.note + caught.value.message

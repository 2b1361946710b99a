"""Light modules stay light, and standard output stays clean."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import threading

import pytest

from sci.api.errors import PluginError, SeveralErrors
from sci.plugins.guard import RefusedImport, light, quiet
from sci.plugins.manager import load
from sci.plugins.policy import Policy

HEAD = "from sci.api import ComponentSpec, hookimpl\n"


@pytest.fixture
def frameworks(site):
    """Stand-ins that leave a trace when they are imported; the real ones, which load once in a process, come back."""
    names = ("torch", "tensorflow")
    real = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    for name in names:
        site.write(f"{name}.py", "LOADED = True\n")
    yield site
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(real)


def test_a_light_module_that_needs_a_framework_is_broken_and_says_where_to_put_it(frameworks):
    frameworks.add("sci-deep", "import torch\n")

    [record] = frameworks.system().records

    assert (record.status, record.reason) == ("broken", "imports torch during discovery; move it behind `target`")
    assert "torch" not in sys.modules


def test_the_same_is_said_where_the_framework_is_not_installed(site):
    site.add("sci-deep", "import jaxlib.never\n")

    assert site.system().records[0].reason == "imports jaxlib during discovery; move it behind `target`"


def test_a_light_module_that_tries_a_framework_is_degraded_and_in_use(frameworks, metric):
    frameworks.add(
        "sci-tries", "try:\n    import torch\nexcept ImportError:\n    torch = None\n" + metric("sci_tries", "tone")
    )

    system = frameworks.system()

    assert (system.records[0].status, system.registry.names("metrics")) == ("degraded", ["tone"])
    [line] = system.warnings()
    assert line.startswith(
        "warning: sci-tries 1.0 is degraded (imports torch during discovery; move it behind `target`)"
    )
    assert line.endswith("; sci plugins doctor sci-tries")


def test_a_hook_that_imports_a_framework_is_found_out_too(frameworks):
    frameworks.add("sci-late", HEAD + "@hookimpl\ndef sci_models():\n    import tensorflow\n    return []")

    assert frameworks.system().records[0].reason.startswith("imports tensorflow during discovery")


def test_strict_mode_makes_an_error_of_every_fault(frameworks, metric):
    frameworks.add("sci-deep", "import torch\n")
    frameworks.add("sci-good", metric("sci_good", "tone"))
    strict = {"SCI_STRICT_PLUGINS": "1"}

    with pytest.raises(PluginError, match=r"sci-deep 1\.0 is broken and left out") as caught:
        load(Policy(), discovery=frameworks.discovery, environ=strict)
    assert (caught.value.exit_code, caught.value.id) == (4, "plugin.broken")

    frameworks.add("sci-new", metric("sci_new", "x"), requires=["sci-core<0.0.1"])
    with pytest.raises(SeveralErrors, match=r"sci-new 1\.0 is left out"):
        load(Policy(), discovery=frameworks.discovery, environ=strict)


def test_asking_whether_a_framework_is_installed_is_allowed(frameworks):
    with light() as refused:
        assert importlib.util.find_spec("torch") is not None
        assert importlib.util.find_spec("mxnet_never") is None

    assert refused == []


def test_a_framework_that_is_loaded_already_stays_usable(frameworks):
    import torch

    with light() as refused:
        assert importlib.import_module("torch") is torch

    assert refused == []


def test_the_guard_is_gone_afterwards_and_does_not_concern_other_threads(frameworks):
    before = list(sys.meta_path)
    imported = []
    with light(), pytest.raises(RefusedImport):
        importlib.import_module("torch")
    assert sys.meta_path == before

    with light():
        thread = threading.Thread(target=lambda: imported.append(importlib.import_module("torch")))
        thread.start()
        thread.join()
    assert len(imported) == 1


def test_numpy_may_be_imported_because_it_is_no_framework():
    with light() as refused:
        assert importlib.import_module("numpy")
    assert refused == []


def test_an_allowed_plugin_cannot_import_a_denied_one_by_the_back_door(site, metric, tmp_path):
    canary = tmp_path / "canary"
    site.add("lab-cloud", "", files={"lab_cloud/secret.py": f"open({str(canary)!r}, 'w')"})
    site.add("sci-friend", "import lab_cloud.secret\n" + metric("sci_friend", "tone"))
    policy = tmp_path / "policy.yaml"
    policy.write_text("plugins: {deny: [lab-cloud]}")

    records = {record.distribution: record for record in site.system(Policy.read([policy])).records}

    assert records["sci-friend"].status == "broken"
    assert "imports lab_cloud of lab-cloud 1.0, which is denied" in records["sci-friend"].reason
    assert not canary.exists()


def test_denying_a_module_of_a_shared_package_leaves_its_neighbours_alone(site, metric, tmp_path):
    site.add("lab-cloud", "", module="lab.cloud")
    site.add("lab-text", metric("lab.text", "tone"), module="lab.text.plugin")
    policy = tmp_path / "policy.yaml"
    policy.write_text("plugins: {deny: [lab-cloud]}")

    records = site.system(Policy.read([policy])).records

    assert {record.distribution: record.status for record in records} == {"lab-cloud": "denied", "lab-text": "ok"}


def test_nothing_that_a_plugin_prints_reaches_standard_output(site, metric, capfd):
    noise = "import os, sys\nprint('python')\nos.write(1, b'descriptor')\nos.system('echo child')\n"
    noise += "sys.stdout.write('late')\n"
    site.add("sci-noisy", noise + metric("sci_noisy", "tone"))

    system = site.system()

    out, err = capfd.readouterr()
    assert system.records[0].status == "ok"
    assert out == ""
    assert all(word in err for word in ("python", "descriptor", "child", "late"))


def test_a_plugin_that_replaces_standard_output_does_not_keep_it(site, metric):
    site.add("sci-thief", "import io, sys\nsys.stdout = io.StringIO()\n" + metric("sci_thief", "tone"))
    mine = sys.stdout

    site.system()

    assert sys.stdout is mine


def test_output_is_restored_after_an_error(capfd):
    with pytest.raises(ValueError, match="oops"), quiet():
        raise ValueError("oops")

    os.write(1, b"back")
    assert capfd.readouterr().out == "back"


ORDINARY = (importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, importlib.machinery.PathFinder)


class Asking(importlib.abc.MetaPathFinder):
    """A finder that asks all others in turn, as tools that look at imports do."""

    def find_spec(self, name, path=None, target=None):
        others = [one for one in sys.meta_path if one is not self and hasattr(one, "find_spec")]
        return next(filter(None, (one.find_spec(name, path, target) for one in others)), None)


def test_a_finder_that_asks_all_others_does_not_go_in_circles_with_the_guard(frameworks, monkeypatch):
    monkeypatch.setattr(sys, "meta_path", [Asking(), *ORDINARY])
    frameworks.add("sci-deep", "import torch\n")

    [record] = frameworks.system().records

    assert (record.status, record.reason) == ("broken", "imports torch during discovery; move it behind `target`")

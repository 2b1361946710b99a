"""Looking components up, and the answers when one is not there."""

from __future__ import annotations

import pytest

from sci.api import MissingDependency
from sci.api.errors import ConfigError, PluginError, PolicyError
from sci.plugins import known
from sci.plugins.policy import Policy

HEAD = "from sci.api import ComponentSpec, hookimpl\n"


def models(*specs: str) -> str:
    return HEAD + f"@hookimpl\ndef sci_models(): return [{', '.join(specs)}]\n"


def model(name: str, *engines: str, more: str = "") -> str:
    targets = {engine: f"sci_a.{engine}:build" for engine in engines}
    return f"ComponentSpec('{name}', {targets!r}{more})"


@pytest.fixture
def policy(tmp_path):
    def write(text: str) -> Policy:
        path = tmp_path / "policy.yaml"
        path.write_text(text)
        return Policy.read([path])

    return write


@pytest.fixture(autouse=True)
def homes(monkeypatch):
    """What the standard plugins would bring, apart from what they bring today."""
    table = {
        "engines": {"tensorflow": "sci-tensorflow"},
        "models": {"mlp": {"torch": "sci-torch", "tensorflow": "sci-tensorflow"}},
        "metrics": {"wer": "sci-metrics"},
    }
    monkeypatch.setattr(known, "_homes", lambda: table)


def test_a_component_is_found_by_kind_name_and_engine(site):
    site.add("sci-a", models(model("bert", "torch", "tensorflow")))
    registry = site.system().registry

    assert registry.find("models", "bert", "torch").target() == "sci_a.torch:build"
    assert registry.find("models", "bert", "tensorflow").target() == "sci_a.tensorflow:build"
    assert registry.find("models", "bert").spec.engines == ("torch", "tensorflow")


def test_the_engine_does_not_matter_where_all_engines_share_a_component(site, metric):
    site.add("sci-a", metric("sci_a", "tone"))

    assert site.system().registry.find("metrics", "tone", "torch").engine is None


def test_a_misspelt_name_gets_the_nearest_and_what_is_installed(site):
    site.add("sci-a", models(*(model(name, "torch") for name in ("bert", "bilstm", "textcnn", "transformer"))))

    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("models", "brt", "torch")

    error = caught.value
    assert error.message == "no model is called `brt`; did you mean `bert`?"
    assert (error.id, error.exit_code, error.hint) == ("component.unknown", 2, "name: bert")
    assert error.note == "installed: bert, bilstm, textcnn, transformer"


def test_a_name_like_no_other_gets_no_suggestion_and_at_most_eight_names(site):
    site.add("sci-a", models(*(model(f"m{number}", "torch") for number in range(20))))

    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("models", "quetzalcoatl", "torch")

    assert caught.value.message == "no model is called `quetzalcoatl`"
    assert caught.value.hint == "sci components --kind model"
    assert caught.value.note.count(",") == 7


def test_a_name_of_another_engine_is_not_suggested(site):
    site.add("sci-a", models(model("bert", "torch"), model("textcnn", "numpy")))

    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("models", "brt", "numpy")

    assert "did you mean" not in caught.value.message
    assert caught.value.note == "installed: textcnn"


def test_the_wrong_engine_is_answered_with_the_right_ones(site):
    site.add("sci-a", models(model("bert", "torch", "tensorflow")))

    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("models", "bert", "numpy")

    error = caught.value
    assert error.message == "model `bert` has no code for engine `numpy`"
    assert (error.id, error.hint) == ("component.engine", "engine: tensorflow")
    assert error.note.startswith("it runs on tensorflow, torch")


def test_a_standard_component_that_is_not_installed_comes_with_the_line_to_type(site):
    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("engines", "tensorflow")

    error = caught.value
    assert error.message == "engine `tensorflow` is not installed; it comes with sci-tensorflow"
    assert (error.id, error.exit_code, error.hint) == ("component.missing", 2, "pip install sci-tensorflow")
    assert error.note == "no engine is installed"


def test_a_standard_model_on_another_engine_comes_with_the_line_to_type(site):
    site.add("sci-lamp", models(model("mlp", "torch")))

    with pytest.raises(ConfigError) as caught:
        site.system().registry.find("models", "mlp", "tensorflow")

    assert caught.value.message == "model `mlp` for engine tensorflow is not installed; it comes with sci-tensorflow"


def test_two_distributions_with_one_key_are_an_error_when_it_is_asked_for_and_not_before(site, metric):
    site.add("sci-a", metric("sci_a", "tone"), version="1.2")
    site.add("sci-b", metric("sci_b", "tone") + HEAD + "@hookimpl\ndef sci_models(): return []", version="0.9")
    system = site.system()

    assert [record.status for record in system.records] == ["ok", "ok"]
    assert system.warnings() == []
    with pytest.raises(PluginError) as caught:
        system.registry.find("metrics", "tone")
    error = caught.value
    assert error.message == "metric `tone` is offered by sci-a 1.2 and sci-b 0.9"
    assert (error.id, error.exit_code, error.hint) == ("plugin.conflict", 4, "SCI_DISABLE_PLUGINS=sci-b")


def test_one_name_of_two_distributions_on_two_engines_is_no_conflict(site):
    site.add("sci-a", models(model("mlp", "torch")))
    site.add("sci-b", models(model("mlp", "numpy")))

    registry = site.system().registry

    assert registry.find("models", "mlp", "torch").record.distribution == "sci-a"
    assert registry.find("models", "mlp", "numpy").record.distribution == "sci-b"


@pytest.mark.parametrize("order", [("sci-a", "sci-b"), ("sci-b", "sci-a")])
def test_disabling_one_rival_settles_a_conflict(site, metric, order):
    for name in order:
        site.add(name, metric(name.replace("-", "_"), "tone"))

    registry = site.system(environ={"SCI_DISABLE_PLUGINS": "sci-b"}).registry

    assert registry.find("metrics", "tone").record.distribution == "sci-a"


@pytest.mark.parametrize(
    ("source", "requires", "reason"),
    [
        ("import licence_check_never\n", (), "No module named 'licence_check_never'"),
        ("import sys; sys.exit(3)\n", (), "SystemExit: 3 (sci_a/plugin.py:1)"),
        ("def broken(:\n", (), "SyntaxError"),
        ("", ("sci-core<0.0.1",), "needs sci-core <0.0.1, this is "),
        (HEAD + "@hookimpl\ndef sci_modles(): ...\n", (), "there is no hook `sci_modles`"),
    ],
)
def test_a_component_of_a_plugin_that_cannot_be_loaded_shows_that_plugins_own_error(site, source, requires, reason):
    site.add("sci-a", source + models(model("raman", "torch")), version="0.3.1", requires=requires)

    with pytest.raises(PluginError) as caught:
        site.system().registry.find("models", "raman", "torch")

    error = caught.value
    assert error.message == "model `raman` comes from sci-a 0.3.1, which cannot be loaded"
    assert error.exit_code == 4
    assert reason in error.note
    assert error.hint == ("pip install -U sci-a" if requires else "sci plugins doctor sci-a")


def test_a_component_of_duplicate_plugins_names_both(site, metric):
    site.add("sci-a", metric("sci_a", "tone"), name="spectra")
    site.add("sci-b", metric("sci_b", "tone"), name="spectra")

    with pytest.raises(PluginError, match="cannot be loaded") as caught:
        site.system().registry.find("metrics", "tone")

    assert caught.value.id == "plugin.duplicate"
    assert "sci-a 1.0 and sci-b 1.0" in caught.value.note


def test_a_component_of_a_disabled_plugin_says_so(site, metric):
    site.add("sci-a", metric("sci_a", "tone"))

    with pytest.raises(PluginError) as caught:
        site.system(environ={"SCI_DISABLE_PLUGINS": "*"}).registry.find("metrics", "tone")

    assert (caught.value.id, caught.value.note) == ("plugin.disabled", "by SCI_DISABLE_PLUGINS")


def test_a_component_of_a_denied_plugin_is_refused_by_policy(site, metric, policy):
    site.add("sci-a", metric("sci_a", "tone"))
    rules = policy("name: house\nmessage: Not here.\ncontact: me@example.org\nplugins: {deny: [sci-a]}")

    with pytest.raises(PolicyError) as caught:
        site.system(rules).registry.find("metrics", "tone")

    error = caught.value
    assert error.message == "metric `tone` comes from sci-a 1.0, which is denied by house"
    assert error.exit_code == 9
    assert error.note.startswith('"Not here." ')
    assert error.note.endswith("policy.yaml:4, ask: me@example.org")


def test_a_denied_component_is_refused_before_its_code_or_settings_are_imported(site, policy, tmp_path):
    canary = tmp_path / "canary"
    trap = f"open({str(canary)!r}, 'w')"
    spec = "ComponentSpec('cloud', 'sci_a.heavy:Cloud', config='sci_a.config:Config')"
    other = "ComponentSpec('onnx', 'sci_a.onnx:Onnx')"
    site.add(
        "sci-a",
        HEAD + f"@hookimpl\ndef sci_deployers(): return [{spec}, {other}]",
        files={"sci_a/heavy.py": trap, "sci_a/config.py": trap},
    )
    registry = site.system(policy("name: house\ncomponents: {deny: [deployers/cloud]}")).registry

    with pytest.raises(PolicyError) as caught:
        registry.find("deployers", "cloud")

    assert caught.value.message == "deployer `cloud` is denied by house"
    assert caught.value.note.endswith("policy.yaml:2; allowed here: onnx")
    assert registry.names("deployers") == ["onnx"]
    assert not canary.exists()


def test_a_denied_component_that_is_not_installed_is_denied_too(site, policy):
    with pytest.raises(PolicyError):
        site.system(policy("components: {deny: ['*/cloud']}")).registry.find("deployers", "cloud")


def test_components_are_listed_by_kind_task_and_engine(site):
    site.add(
        "sci-a",
        models(
            model("bert", "torch", "tensorflow", more=", tasks=('classification',)"),
            model("ridge", "numpy", more=", tasks=('regression',)"),
            model("any", "numpy"),
        )
        + "@hookimpl\ndef sci_metrics(): return [ComponentSpec('tone', 'a:b')]\n",
    )
    registry = site.system().registry

    listed = [(entry.kind, entry.spec.name, entry.engine) for entry in registry.entries()]
    assert listed == [
        ("models", "any", "numpy"),
        ("models", "bert", "tensorflow"),
        ("models", "bert", "torch"),
        ("models", "ridge", "numpy"),
        ("metrics", "tone", None),
    ]
    assert registry.names("models") == ["any", "bert", "ridge"]
    assert registry.names("models", "numpy") == ["any", "ridge"]
    assert [entry.spec.name for entry in registry.entries("models", task="regression")] == ["any", "ridge"]
    assert [entry.spec.name for entry in registry.entries(engine="numpy")] == ["any", "ridge", "tone"]


def plugin_with(site, files, more=""):
    spec = f"ComponentSpec('tone', 'sci_a.tone:Tone', config='sci_a.config:ToneConfig'{more})"
    site.add("sci-a", HEAD + f"@hookimpl\ndef sci_metrics(): return [{spec}]", files=files)
    return site.system().registry.find("metrics", "tone")


CONFIG = '''
from pydantic import Field
from sci.api import ComponentConfig

class ToneConfig(ComponentConfig):
    scale: float = Field(1.0, gt=0)
    """How loud."""
'''


def test_an_entry_imports_its_code_and_its_settings(site):
    entry = plugin_with(site, {"sci_a/tone.py": "class Tone:\n    pass", "sci_a/config.py": CONFIG})

    assert entry.load().__name__ == "Tone"
    assert entry.settings({}).scale == 1.0
    assert entry.settings({"scale": 2}).scale == 2.0


def test_wrong_settings_are_left_to_the_caller_to_place(site):
    from pydantic import ValidationError

    entry = plugin_with(site, {"sci_a/config.py": CONFIG})

    with pytest.raises(ValidationError):
        entry.settings({"scale": -1})
    with pytest.raises(ValidationError):
        entry.settings({"scael": 1})


def test_a_component_without_settings_takes_none(site, metric):
    from pydantic import ValidationError

    site.add("sci-a", metric("sci_a", "tone"))
    entry = site.system().registry.find("metrics", "tone")

    assert entry.settings({}).model_dump() == {}
    with pytest.raises(ValidationError):
        entry.settings({"scale": 1})


@pytest.mark.parametrize(
    ("tone", "error_id", "message", "note"),
    [
        ("", "plugin.target", "metric `tone` of sci-a 1.0: sci_a.tone has no `Tone`", ""),
        ("Tone = 3", "plugin.target", "metric `tone` of sci-a 1.0 is a int, not something to call", "sci_a.tone:Tone"),
        ("1 / 0", "plugin.raised", "sci-a 1.0 has failed while metric `tone` was imported", "ZeroDivisionError"),
        ("import sys; sys.exit()", "plugin.raised", "sci-a 1.0 has failed", "SystemExit (sci_a/tone.py:1)"),
        ("import sci_a.gone", "plugin.raised", "sci-a 1.0 has failed", "No module named 'sci_a.gone'"),
        (
            "import nowhere_x",
            "plugin.dependency",
            "`nowhere_x` is not installed",
            "metric `tone` of sci-a 1.0 needs it",
        ),
    ],
)
def test_code_that_cannot_be_imported_is_the_plugins_fault_by_name(site, tone, error_id, message, note):
    entry = plugin_with(site, {"sci_a/tone.py": tone, "sci_a/config.py": CONFIG})

    with pytest.raises(PluginError) as caught:
        entry.load()

    assert caught.value.id == error_id
    assert caught.value.message.startswith(message)
    assert note in caught.value.note
    assert "pip install" not in caught.value.hint


def test_a_missing_library_comes_with_the_requirement_that_the_plugin_names(site):
    more = ", requires=('other>=1', 'nowhere-x>=2,<3')"
    entry = plugin_with(site, {"sci_a/tone.py": "import nowhere_x.deep", "sci_a/config.py": CONFIG}, more)

    with pytest.raises(MissingDependency) as caught:
        entry.load()

    assert caught.value.package == "nowhere_x"
    assert caught.value.hint == 'pip install "nowhere-x>=2,<3"'


@pytest.mark.parametrize(
    ("requires", "absent"),
    [
        (("nowhere-x>=2,<3", "numpy>=1"), "nowhere_x"),
        (("numpy>=1", "Nowhere.X"), "nowhere_x"),
        (("packaging>=9999",), None),
        (("nowhere-x; python_version < '3'",), None),
        (("json",), None),
    ],
)
def test_what_a_component_requires_is_looked_for_without_an_import(site, requires, absent):
    """A module of that name is enough: it may have come with another distribution."""
    entry = plugin_with(site, {"sci_a/tone.py": "1 / 0", "sci_a/config.py": "1 / 0"}, f", requires={requires}")

    if absent is None:
        entry.require()
        return
    with pytest.raises(MissingDependency) as caught:
        entry.require()
    assert (caught.value.package, caught.value.exit_code) == (absent, 4)


def test_a_library_that_is_too_old_is_named_with_both_versions(site):
    more = ", requires=('packaging>=9999',)"
    entry = plugin_with(site, {"sci_a/tone.py": "from packaging import Never", "sci_a/config.py": CONFIG}, more)

    with pytest.raises(PluginError) as caught:
        entry.load()

    assert caught.value.message.startswith("sci-a 1.0 needs packaging>=9999, found ")
    assert caught.value.hint == 'pip install -U "packaging>=9999"'


@pytest.mark.parametrize(
    ("config", "error_id", "said"),
    [
        ("raise OSError('gone')", "plugin.raised", "OSError: gone (sci_a/config.py:1)"),
        (
            "from sci.api import ComponentConfig\nclass ToneConfig(ComponentConfig):\n    x: Never",
            "plugin.raised",
            "Never",
        ),
        ("class ToneConfig: ...", "plugin.config", "sci_a.config:ToneConfig"),
        ("ToneConfig = None", "plugin.config", "sci_a.config:ToneConfig"),
        ("", "plugin.target", "has no `ToneConfig`"),
        ("import jaxlib", "plugin.heavy", "sci-a 1.0 imports jaxlib during discovery"),
    ],
)
def test_settings_that_cannot_be_built_are_the_plugins_fault_by_name(site, config, error_id, said):
    entry = plugin_with(site, {"sci_a/config.py": config})

    with pytest.raises(PluginError) as caught:
        entry.settings({})

    assert (caught.value.id, caught.value.exit_code) == (error_id, 4)
    assert "sci-a 1.0" in caught.value.message
    assert said in caught.value.message + caught.value.note


def test_a_validator_that_fails_is_the_plugins_fault(site):
    validator = """
    from pydantic import field_validator
    from sci.api import ComponentConfig

    class ToneConfig(ComponentConfig):
        scale: float = 1.0

        @field_validator("scale")
        def check(cls, value):
            raise RuntimeError("no licence")
    """
    entry = plugin_with(site, {"sci_a/config.py": validator})

    with pytest.raises(PluginError, match="while the settings of metric `tone` were checked") as caught:
        entry.settings({"scale": 2})
    assert "RuntimeError: no licence (sci_a/config.py:" in caught.value.note


def test_a_validator_that_refuses_in_words_for_people_is_no_failure(site):
    from sci.api import ConfigError

    validator = """
    from pydantic import model_validator
    from sci.api import ComponentConfig, ConfigError

    class ToneConfig(ComponentConfig):
        low: float = 0.0
        high: float = 1.0

        @model_validator(mode="after")
        def check(self):
            if self.low >= self.high:
                raise ConfigError("low is above high", id="tone.order")
            return self
    """
    entry = plugin_with(site, {"sci_a/config.py": validator})

    with pytest.raises(ConfigError, match="low is above high") as caught:
        entry.settings({"low": 2})

    assert caught.value.id == "tone.order"


def test_settings_and_code_print_nothing_on_standard_output(site, capfd):
    entry = plugin_with(
        site, {"sci_a/tone.py": "print('tone')\nclass Tone: ...", "sci_a/config.py": "print('config')\n" + CONFIG}
    )

    entry.load()
    entry.settings({})

    out, err = capfd.readouterr()
    assert out == ""
    assert "tone" in err
    assert "config" in err


def test_an_error_of_ours_that_a_plugin_raises_passes_unchanged(site):
    source = "from sci.api import MissingDependency\nraise MissingDependency('cuda', 'sci-a[cuda]')"
    entry = plugin_with(site, {"sci_a/tone.py": source, "sci_a/config.py": CONFIG})

    with pytest.raises(MissingDependency, match="`cuda` is not installed"):
        entry.load()


def test_a_component_cannot_import_a_denied_plugin(site, policy):
    site.add("lab-cloud", "")
    spec = "ComponentSpec('tone', 'sci_a.tone:Tone')"
    files = {"sci_a/tone.py": "import lab_cloud.plugin\nclass Tone: ..."}
    site.add("sci-a", HEAD + f"@hookimpl\ndef sci_metrics(): return [{spec}]", files=files)
    entry = site.system(policy("plugins: {deny: [lab-cloud]}")).registry.find("metrics", "tone")

    with pytest.raises(PolicyError, match=r"imports lab_cloud of lab-cloud 1\.0, which is denied"):
        entry.load()

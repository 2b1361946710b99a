"""Plugins of other people take part in a run: wrappers, observers, components."""

from __future__ import annotations

import textwrap

import pytest

EXPERIMENT = """
    format: 1
    name: wrapped
    seed: 5
    task: regression
    data: {source: {name: generated, recipe: linear, rows: 300}, target: y}
    model: least-squares
    engine: numpy
    evaluation: {metrics: [rmse], baselines: []}
    report: []
    deploy: [rest]
"""


@pytest.fixture
def plugin(tmp_path_factory):
    """Installs a plugin of one module on a path of its own."""

    def install(code: str) -> str:
        folder = tmp_path_factory.mktemp("site")
        info = folder / "sci_house-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: sci-house\nVersion: 1.0\nRequires-Dist: sci-core>=0.1\n"
        )
        (info / "entry_points.txt").write_text("[sci.plugins]\nhouse = sci_house.plugin\n")
        (info / "RECORD").write_text("")
        (folder / "sci_house").mkdir()
        (folder / "sci_house" / "__init__.py").write_text("")
        (folder / "sci_house" / "plugin.py").write_text(
            "from sci.api import ComponentSpec, hookimpl\n" + textwrap.dedent(code)
        )
        return str(folder)

    return install


def test_a_wrapper_of_load_may_drop_rows(lab, plugin):
    path = plugin("""
        @hookimpl(wrapper=True)
        def sci_load(context):
            rows = yield
            return rows.take(rows.ids[rows.ids % 2 == 0])
    """)
    lab.write("e.yaml", EXPERIMENT)
    done = lab.ran("e.yaml", path=path)
    assert "150 rows" in done.err


CHANGES = """
    @hookimpl(wrapper=True)
    def sci_load(context):
        from sci.api import Dataset
        rows = yield
        {declare}
        columns = {{name: rows.column(name) for name in rows.schema.columns}}
        columns["x1"] = columns["x1"] * 2
        return Dataset(columns, rows.schema, rows.ids)
"""


def test_a_wrapper_that_changes_an_input_must_declare_it(lab, plugin):
    lab.write("e.yaml", EXPERIMENT)
    done = lab.sci("run", "e.yaml", path=plugin(CHANGES.format(declare="pass")))
    assert done.code == 4
    assert "changed input `x1`" in done.err


def test_what_was_trained_on_declared_changes_is_not_served(lab, plugin):
    lab.write("e.yaml", EXPERIMENT)
    path = plugin(CHANGES.format(declare="context.changed('x1', 'doubled')"))
    refused = lab.sci("run", "e.yaml", path=path)
    assert refused.code != 0
    done = lab.ran("e.yaml", "--set", "deploy=[]", path=path)
    served = lab.sci("serve", done.out.strip().splitlines()[-1], path=path)
    assert served.code != 0
    assert "changed while loading" in served.err


def test_an_observer_that_raises_is_a_warning_and_no_lost_run(lab, plugin):
    path = plugin("""
        @hookimpl
        def sci_run_started(context):
            raise ValueError("no room")

        @hookimpl
        def sci_run_finished(context, study):
            with context.write("heard.txt") as file:
                file.write(study.verdict.state.encode())
    """)
    lab.write("e.yaml", EXPERIMENT)
    done = lab.ran("e.yaml", path=path)
    assert "sci-house 1.0 could not observe run_started: ValueError: no room" in done.err
    assert (done.run / "heard.txt").read_text() == "no-baseline"
    assert "heard.txt" in [entry["path"] for entry in done.json("manifest.json")["files"]]


def test_an_implementation_of_a_stage_that_is_no_wrapper_makes_the_plugin_broken(lab, plugin):
    path = plugin("""
        @hookimpl
        def sci_split(context, dataset):
            return []
    """)
    lab.write("e.yaml", EXPERIMENT)
    done = lab.ran("e.yaml", path=path)
    assert "sci-house 1.0 is broken" in done.err


def test_settings_that_contradict_each_other_are_the_users_mistake(lab, plugin):
    path = plugin("""
        from pydantic import model_validator
        from sci.api import ComponentConfig, ConfigError

        @hookimpl
        def sci_metrics():
            return [ComponentSpec("house", "sci_house.plugin:House", config="sci_house.plugin:HouseConfig")]

        class HouseConfig(ComponentConfig):
            low: int = 0
            high: int = 1

            @model_validator(mode="after")
            def check(self):
                if self.low >= self.high:
                    raise ConfigError("low is above high", id="house.order")
                return self
    """)
    lab.write("e.yaml", EXPERIMENT)
    done = lab.sci("check", "e.yaml", "--set", "evaluation.metrics=[{name: house, low: 2}]", path=path)
    assert done.code == 2
    assert "low is above high [house.order]" in done.err
    assert "has failed" not in done.err


def test_a_component_that_raises_is_named_with_its_plugin(lab, plugin):
    path = plugin("""
        @hookimpl
        def sci_metrics():
            return [ComponentSpec("house", "sci_house.plugin:House")]

        class House:
            higher_is_better = True
            bounds = (None, None)
            def __init__(self, config): pass
            def __call__(self, predictions):
                raise KeyError("roof")
    """)
    lab.write("e.yaml", EXPERIMENT)
    done = lab.sci("run", "e.yaml", "--set", "evaluation.metrics=[house]", path=path)
    assert done.code == 4
    assert "sci-house 1.0" in done.err
    assert "roof" in done.err
    assert "Traceback" not in done.err


def test_a_policy_beside_the_experiment_denies_a_plugin_before_it_is_imported(lab, plugin, tmp_path_factory):
    canary = tmp_path_factory.mktemp("canary") / "imported"
    path = plugin(f"open({str(canary)!r}, 'w').close()\n")
    lab.write("e.yaml", EXPERIMENT)
    (lab.folder / "policy.yaml").write_text("plugins: {deny: [sci-house]}\n")
    lab.ran("e.yaml", path=path)
    assert not canary.exists()
    (lab.folder / "policy.yaml").unlink()
    lab.ran("e.yaml", path=path)
    assert canary.exists()


def test_a_policy_that_denies_a_component_is_exit_9(lab):
    lab.write("e.yaml", EXPERIMENT)
    (lab.folder / "policy.yaml").write_text('components: {deny: [deployers/rest]}\nmessage: "No model leaves."\n')
    done = lab.sci("run", "e.yaml")
    assert done.code == 9
    assert "No model leaves." in done.err


def test_a_study_that_nothing_may_measure_is_refused_before_a_row_is_read(lab):
    lab.write("e.yaml", EXPERIMENT.replace("metrics: [rmse], ", ""))
    (lab.folder / "policy.yaml").write_text("plugins: {deny: [sci-metrics]}\nmessage: Ask the board.\n")

    checked, ran = lab.sci("check", "e.yaml"), lab.sci("run", "e.yaml")

    assert (checked.code, ran.code) == (9, 9)
    assert "which is denied by policy.yaml" in ran.err
    assert "Ask the board." in ran.err
    assert "rows" not in ran.err


FINGERPRINT = """
    class Floor:
        likeness = 1.0

        def __init__(self, config=None):
            self.config = config

        def elements(self, column, feature):
            import numpy as np
            from sci.api import Ragged
            {body}

    @hookimpl
    def sci_fingerprints():
        return [ComponentSpec(name="floor", target="sci_house.plugin:Floor", accepts=("number",))]
"""


def test_a_fingerprint_of_a_plugin_finds_near_copies(lab, plugin):
    body = "return Ragged(np.floor(20 * column + 1000).astype(np.uint64), np.arange(len(column) + 1))"
    path = plugin(FINGERPRINT.format(body=body))
    lab.write("e.yaml", EXPERIMENT)

    done = lab.ran("e.yaml", path=path)

    found = [one for one in done.json("audit.json")["findings"] if one["check"] == "near-duplicates"]
    (warning,) = [one for one in found if one["columns"] == ["x1"] and one["severity"] == "warning"]
    assert "test rows have near copies in train" in warning["message"]
    assert warning["count"] > len(warning["rows"]) == 20
    assert "audit.near-duplicates" in done.err


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 1 / 0", "sci-house 1.0 has failed in floor.elements"),
        ("return Ragged(column, np.arange(len(column) + 1))", "floor owes 300 sets of uint64"),
    ],
)
def test_a_fingerprint_that_fails_is_its_plugins_fault(lab, plugin, body, words):
    lab.write("e.yaml", EXPERIMENT)

    stopped = lab.sci("run", "e.yaml", path=plugin(FINGERPRINT.format(body=body)))

    assert stopped.code == 4
    assert words in stopped.err

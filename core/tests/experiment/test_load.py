from __future__ import annotations

import dataclasses
import json
import pathlib

import pytest

from sci.api.errors import ConfigError, DataError, PluginError, PolicyError, SciError, SeveralErrors
from sci.experiment.load import derived, load
from sci.experiment.writing import to_yaml


def mistakes(error: SciError) -> list[SciError]:
    return list(error.errors) if isinstance(error, SeveralErrors) else [error]


@pytest.fixture
def wrong(write, registry):
    """The mistakes of a file."""

    def collects(text: str, *overrides: str, registry=registry) -> list[SciError]:
        with pytest.raises(SciError) as caught:
            load(write(text), overrides, registry)
        return mistakes(caught.value)

    return collects


def test_an_experiment_knows_its_components_and_their_settings(write, registry, stand_ins):
    loaded = load(write(stand_ins.GOOD), [], registry)

    assert loaded.engine == "numpy"
    assert loaded.at("model").settings.l2 == 1e-3
    assert loaded.at("training", "optimizer").settings.betas == (0.9, 0.999)
    assert [one.name for one in loaded.of("metrics")] == ["f1", "recall"]
    assert str(loaded.place("model", "l2")) == "spam.yaml:11:29"
    assert loaded.base == loaded.path.parent


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_its_lines(wrong, stand_ins):
    text = (
        stand_ins.GOOD.replace("test: 0.2", "test: 0.95")
        .replace("name: logistic", "name: logisitc")
        .replace("engine: numpy", "engine: jax")
        .replace("learning_rate", "learing_rate")
    )

    found = wrong(text)

    assert [(one.id, one.where.line) for one in found] == [
        ("config.value", 9),
        ("component.unknown", 11),
        ("component.unknown", 12),
        ("config.unknown-key", 14),
    ]
    assert found[0].message == "splits take 1.05 of the rows: validation 0.1 + test 0.95"
    assert found[0].where.column == text.splitlines()[8].index("0.95") + 1
    assert found[1].message == "no model is called `logisitc`; did you mean `logistic`?"
    assert found[1].hint == "name: logistic"
    assert found[3].message == "`learing_rate` is no setting of adamw; did you mean `learning_rate`?"
    assert found[3].hint == "learning_rate: 5e-4"
    assert found[3].where.width == len("learing_rate")


def test_a_misspelt_name_without_settings_is_mended_in_place(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("engine: numpy", "engine: nunpy"))

    assert mistake.hint == "engine: numpy"
    assert str(mistake.where) == "spam.yaml:12:9"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("epochs: 5", "epochs: -1", "training.epochs is -1; it is a whole number from 1", "epochs: 10"),
        ("epochs: 5", "epochs: 5.0", "training.epochs is 5.0; it is a whole number from 1", "epochs: 10"),
        ("epochs: 5", "epochs: 1_000", "training.epochs is `1_000`; it is a whole number from 1", "epochs: 1000"),
        ("epochs: 5", "epochs: 010", "training.epochs is `010`; it is a whole number from 1", "epochs: 10"),
        ("epochs: 5", 'epochs: "5"', "training.epochs is `5`; it is a whole number from 1", "epochs: 5"),
        ("epochs: 5", "epochs: true", "training.epochs is `true`; it is a whole number from 1", "epochs: 10"),
        ("epochs: 5", "epochs: [5]", "training.epochs is `[5]`; it is a whole number from 1", "epochs: 10"),
        ("epochs: 5", "epochs: 5\n  batch_size: 0", "training.batch_size is 0; it is a whole number from 1 or", "32"),
        ("epochs: 5", "epochs: 5\n  deterministic: no", "training.deterministic is `no`; it is true or false", "false"),
        ("inputs: [text]", "inputs: text", "data.inputs is `text`; it is a list of texts that is not empty", "[text]"),
        ("inputs: [text]", "inputs: [5]", "data.inputs.0 is 5; it is text", '"5"'),
        ("inputs: [text]", "inputs: []", "data.inputs is an empty list; it is a list of texts that is not empty", ""),
        ("seed: 7", "seed: -0", "`-0` is zero with a sign", ""),
        ("seed: 7", "seed:", "seed is empty; it is a whole number from 0", "seed: 0"),
        ("5e-4", "0", "training.optimizer.learning_rate is 0; it is a number above 0", "learning_rate: 0.001"),
        ("5e-4", '"0,01"', "training.optimizer.learning_rate is `0,01`; it is a number above 0", "learning_rate: 0.01"),
        ("5e-4", "fast", "training.optimizer.learning_rate is `fast`; it is a number above 0", ""),
        ("5e-4", "5e-4, nesterov: yes", "training.optimizer.nesterov is `yes`; it is true or false", "nesterov: true"),
        ("5e-4", "5e-4, betas: [0.9]", "training.optimizer.betas is `[0.9]`; it is a list of 2 values", ""),
        ("l2: 1e-3", "l2: .inf", "`.inf` is infinite or not a number", ""),
        ("task: classification", "task: 5", "task is 5; it is a component: its name, or a", "task: classification"),
        ("[f1, recall]", "f1", "evaluation.metrics is `f1`; it is a list of components that is not empty", "[f1]"),
        ("name: sms-spam", "name: ../etc", "name is `../etc`; it is text of the form", "name: my-experiment"),
        ("name: sms-spam", "name: CON", "name is `CON`: some systems cannot have a folder of this name", ""),
        ("format: 1", "format: one", "format is `one`; it is 1", "format: 1"),
        ("path: messages.csv", "file: x", "csv lacks `path`", ""),
        ("seed: 7\n", "audit: {duplicates: warm}\n", "audit.duplicates is `warm`; it is one of `error`", "warn"),
    ],
)  # fmt: skip
def test_wrong_values_are_named_in_the_words_of_the_reader(wrong, stand_ins, old, new, message, hint):
    found = wrong(stand_ins.GOOD.replace(old, new))

    mistake = next(one for one in found if one.message.startswith(message.split(";")[0]))
    assert mistake.message.startswith(message)
    assert mistake.exit_code == 2
    assert mistake.where.line == stand_ins.GOOD[: stand_ins.GOOD.index(old)].count("\n") + 1 + new.startswith(
        "epochs: 5\n"
    )
    assert hint in mistake.hint


@pytest.mark.parametrize(
    ("old", "new", "word", "meant"),
    [
        ("seed: 7", "sead: 7", "sead", "seed"),
        ("training:", "traning:", "traning", "training"),
        ("epochs: 5", "epoch: 5", "epoch", "epochs"),
        ("inputs:", "input:", "input", "inputs"),
        ("  target:", "  taget:", "taget", "target"),
        ("validation: 0.1", "validaton: 0.1", "validaton", "validation"),
        ("l2: 1e-3", "L2: 1e-3", "L2", "l2"),
    ],
)
def test_an_unknown_key_has_the_nearest_one_in_its_hint(wrong, stand_ins, old, new, word, meant):
    found = wrong(stand_ins.GOOD.replace(old, new, 1))

    mistake = next(one for one in found if one.id == "config.unknown-key")
    assert f"`{word}` is no " in mistake.message
    assert f"did you mean `{meant}`?" in mistake.message
    assert mistake.hint.startswith(f"{meant}:")


def test_a_key_in_the_wrong_place_is_sent_to_the_right_one(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("engine: numpy", "engine: numpy\nbatch_size: 32"))

    assert mistake.message == "`batch_size` is no key of the experiment"
    assert mistake.note == "`batch_size` stands under `training`"


def test_one_cause_has_one_message(wrong, stand_ins):
    assert len(wrong(stand_ins.GOOD.replace("format: 1", "formt: 1"))) == 1
    assert len(wrong(stand_ins.GOOD.replace("name: csv", "name: cvs"))) == 1
    assert len(wrong(stand_ins.GOOD.replace("{name: csv, path", "{name：csv, path"))) == 1
    assert len(wrong(stand_ins.GOOD.replace("1e-3", ".nan"))) == 1
    assert len(wrong(stand_ins.GOOD.replace("seed: 7", "seed: 7\nseed: 8"))) == 1
    assert len(wrong(stand_ins.GOOD.replace("task: classification", "task: clasification"))) == 1


def test_keys_that_lack_are_all_named(wrong):
    found = wrong("name: x\ndata: {target: y}\n")

    assert [one.message for one in found] == [
        "the experiment lacks `format`",
        "the experiment lacks `task`",
        "the experiment lacks `model`",
        "data lacks `source`",
    ]


def test_a_newer_format_hides_everything_else(wrong):
    [mistake] = wrong("format: 2\nfoo: 1\nmodel: {bar: 1}\n")

    assert "needs a newer sci" in mistake.message
    assert str(mistake.where) == "spam.yaml:1:9"


def test_overrides_are_checked_like_the_file(wrong, stand_ins):
    found = wrong(stand_ins.GOOD, "training.epochs=0", "modle=x", "preprocessing.0.x=1", "model.l2=-1", "stuy.seeds=2")

    assert {str(one.where): one.id for one in found} == {
        "--set training.epochs": "config.value",
        "--set modle": "config.unknown-key",
        "--set preprocessing.0.x": "config.unknown-key",
        "--set model.l2": "config.value",
        "--set stuy.seeds": "config.unknown-key",
    }
    assert next(one for one in found if "modle" in one.message).hint == "--set model=..."
    assert next(one for one in found if "stuy" in one.message).hint == "--set study.seeds=..."


def test_dotted_paths_are_only_unknown_names(wrong, stand_ins):
    for name in ("os.system", "sci_numpy.engine:NumpyEngine", "../logistic", "__import__"):
        [mistake] = wrong(stand_ins.GOOD.replace("name: logistic, l2: 1e-3", f'name: "{name}"'))
        assert mistake.id == "component.unknown"


def test_a_name_of_a_megabyte_has_a_short_message(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("name: logistic, l2: 1e-3", f"name: {'x' * 900_000}"))

    assert len(mistake.message) < 100


def test_the_engine_follows_from_the_model_where_only_one_has_it(write, registry, wrong, stand_ins):
    text = stand_ins.GOOD.replace("engine: numpy\n", "")

    assert load(write(text), [], registry).resolved["engine"] == {"name": "numpy"}
    [mistake] = wrong(text.replace("{name: logistic, l2: 1e-3}", "mlp"))
    assert mistake.message == "the experiment lacks `engine`: mlp runs on numpy and torch"


def test_a_component_without_code_for_the_engine_is_named(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("{name: logistic, l2: 1e-3}", "bert"))

    assert mistake.message == "model `bert` has no code for engine `numpy`"
    assert str(mistake.where) == "spam.yaml:11:8"


def test_defaults_stand_in_where_they_are_installed(write, registry, stand_ins):
    text = stand_ins.GOOD.replace("  split: {name: stratified, validation: 0.1, test: 0.2}\n", "")

    resolved = load(write(text), [], registry).resolved

    assert resolved["data"]["split"] == {"name": "random", "validation": 0.1, "test": 0.2}
    assert resolved["report"] == [{"name": "html"}, {"name": "markdown"}]
    assert resolved["evaluation"]["interval"] == {"name": "bootstrap"}
    assert resolved["evaluation"]["comparison"] == {"name": "paired-bootstrap"}
    assert resolved["evaluation"]["confidence"] == 0.95
    assert resolved["training"]["checkpoint"] == {"every_minutes": 5.0, "keep": 2}


def test_defaults_that_are_not_installed_are_left_out(write, stand_ins):
    small = stand_ins.make_registry(without=(("reporters", "html"), ("intervals", "bootstrap")))

    resolved = load(write(stand_ins.GOOD), [], small).resolved

    assert resolved["report"] == [{"name": "markdown"}]
    assert "interval" not in resolved["evaluation"]


def test_without_a_splitter_it_is_asked_for(wrong, stand_ins):
    small = stand_ins.make_registry(without=(("splitters", "random"),))
    text = stand_ins.GOOD.replace("  split: {name: stratified, validation: 0.1, test: 0.2}\n", "")

    [mistake] = wrong(text, registry=small)

    assert "data lacks `split`" in mistake.message


def test_null_is_the_same_as_leaving_a_key_out(write, registry, stand_ins):
    text = stand_ins.GOOD.replace("engine: numpy", "engine: null\nanalysis: []")

    resolved = load(write(text), ["data.group=null", "training.loss=~"], registry).resolved

    assert resolved["engine"] == {"name": "numpy"}
    assert "group" not in resolved["data"]


RICH = """\
format: 1
name: rich
question: {en: "Is it?", zh: 是吗}
task: classification
data:
  source: {name: generated, recipe: messages}
  target: {days: a, event: b}
  context: [c, d]
  columns: {age: {unit: year, missing: [-999, "no", 1.5]}, no: {kind: category}}
  split: {name: stratified, seed: 3}
preprocessing: [clean-text, {name: impute, columns: [age]}]
model: {name: ensemble, members: [logistic, {name: logistic, l2: 0.5}]}
training: {batch_size: all, checkpoint: {every_epochs: 2}}
audit: {duplicates: warn}
study: {seeds: 3}
"""


def test_the_resolved_experiment_loads_to_itself(write, registry, stand_ins):
    for text in (stand_ins.GOOD, RICH):
        first = load(write(text), [], registry)
        second = load(write(to_yaml(first.resolved)), [], registry)

        assert second.resolved == first.resolved
        assert [one.keys for one in second.components] == [one.keys for one in first.components]
        assert json.loads(json.dumps(first.resolved)) == first.resolved


def test_components_inside_components_are_chosen_and_resolved(write, registry):
    loaded = load(write(RICH), [], registry)

    assert loaded.resolved["model"]["members"] == [{"name": "logistic", "l2": 0.0}, {"name": "logistic", "l2": 0.5}]
    assert loaded.resolved["model"]["judge"] == {"name": "accuracy"}
    assert [one.keys for one in loaded.components if one.kind == "models"] == [
        ("model",),
        ("model", "members", 0),
        ("model", "members", 1),
    ]
    assert [one.name for one in loaded.of("models")] == ["ensemble"]


def test_mistakes_inside_components_have_their_place(wrong):
    text = RICH.replace("l2: 0.5", "l2: -1").replace("[logistic,", "[logisitc,")
    line = text.splitlines()[11]

    found = wrong(text)

    assert [(one.id, str(one.where)) for one in found] == [
        ("component.unknown", "spam.yaml:12:35"),
        ("config.value", f"spam.yaml:12:{line.index('-1') + 1}"),
    ]


def test_keys_that_all_components_of_a_kind_share_are_apart_from_their_settings(write, registry, wrong):
    loaded = load(write(RICH), [], registry)

    assert loaded.at("preprocessing", 1).columns == ("age",)
    assert loaded.at("preprocessing", 0).columns is None
    assert loaded.at("data", "split").generic == {"seed": 3}
    assert loaded.resolved["data"]["split"] == {"name": "stratified", "seed": 3, "validation": 0.1, "test": 0.2}
    [mistake] = wrong(RICH.replace("columns: [age]", "columns: age"))
    assert mistake.message.startswith("preprocessing.1.columns is `age`; it is a list of texts")


def test_one_optimizer_for_each_parameter_group(write, registry, wrong, stand_ins):
    text = stand_ins.GOOD.replace(
        "optimizer: {name: adamw, learning_rate: 5e-4}", "optimizer: {generator: adamw, critic: {name: sgd}}"
    )

    loaded = load(write(text), [], registry)

    assert [one.keys[2] for one in loaded.of("optimizers")] == ["generator", "critic"]
    assert loaded.resolved["training"]["optimizer"]["critic"] == {"name": "sgd"}
    [mistake] = wrong(text.replace("{name: sgd}", "{nam: sgd}"))
    assert mistake.message.startswith("training.optimizer is a mapping; it is a component")


def test_what_a_policy_denies_is_refused_with_its_place(wrong, stand_ins):
    small = stand_ins.make_registry(policy=stand_ins.denying("deployers/upload"))

    [mistake] = wrong(stand_ins.GOOD + "deploy: [rest, upload]\n", registry=small)

    assert isinstance(mistake, PolicyError)
    assert mistake.exit_code == 9
    assert str(mistake.where) == "spam.yaml:17:16"
    assert '"Not here."' in mistake.note


def test_a_defect_in_the_settings_of_a_plugin_is_the_plugins(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("epochs: 5", "epochs: 5\n  schedule: faulty"))

    assert isinstance(mistake, PluginError)
    assert mistake.exit_code == 4
    assert mistake.where.line == 16
    assert "boom" in mistake.note


def test_a_single_mistake_is_raised_as_itself(write, registry, stand_ins):
    with pytest.raises(ConfigError):
        load(write(stand_ins.GOOD.replace("epochs: 5", "epochs: 0")), [], registry)


def test_a_column_with_two_parts_is_a_mistake_about_the_data(wrong, stand_ins):
    [mistake] = wrong(stand_ins.GOOD.replace("inputs: [text]", "inputs: [text, label]"))

    assert isinstance(mistake, DataError)
    assert mistake.message == "column `label` is named in data.inputs, but it is the target"
    assert str(mistake.where) == "spam.yaml:7:18"


def test_an_experiment_made_from_another_names_its_origin(write, registry, stand_ins):
    parent = dataclasses.replace(load(write(stand_ins.GOOD), [], registry), base=pathlib.Path("elsewhere"))

    child = derived(parent, {"model": {"name": "mlp"}, "preprocessing": []}, "baseline small", registry)
    with pytest.raises(ConfigError) as caught:
        derived(parent, {"model": {"name": "mlp", "x": 1}}, "baseline small", registry)

    assert child.resolved["model"] == {"name": "mlp"}
    assert child.base == parent.base
    assert str(caught.value.where) == "baseline small"


def test_a_derived_model_of_another_engine_brings_its_engine(write, registry, stand_ins):
    parent = load(write(stand_ins.GOOD), [], registry)

    assert derived(parent, {"model": "bert"}, "baseline big", registry).engine == "torch"
    assert derived(parent, {"model": "mlp"}, "baseline small", registry).engine == "numpy"


def test_hundreds_of_mistakes_are_found_quickly_and_all(wrong, stand_ins):
    text = stand_ins.GOOD + "".join(f"unknown_{number}: 1\n" for number in range(300))

    assert len(wrong(text)) == 300

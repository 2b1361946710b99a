"""What policies say about an experiment: locked values, defaults, steps in front, seeds, sections; and who said it."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
import yaml

from sci.api.errors import ConfigError, PolicyError, SciError, SeveralErrors
from sci.experiment.house import head
from sci.experiment.load import derived, load
from sci.experiment.why import said, silent, why
from sci.experiment.writing import to_yaml
from sci.plugins.policy import Policy
from sci.plugins.policyfile import LEVELS, read_policy_file


@pytest.fixture
def policies(tmp_path):
    """Policies of the given levels, in the order of precedence; each is a file of its level's name."""

    def made(**texts: str) -> Policy:
        files = []
        for level, text in texts.items():
            path = tmp_path / f"{level}.yaml"
            path.write_text(text, encoding="utf-8")
            files.append(read_policy_file(path, level=level))
        return Policy(tuple(sorted(files, key=lambda file: LEVELS.index(file.level))))

    return made


@pytest.fixture
def loaded(write, stand_ins, policies):
    """The stand-in experiment under policies."""

    def loads(*overrides: str, text: str = stand_ins.GOOD, **texts: str):
        return load(write(text), overrides, stand_ins.make_registry(policy=policies(**texts)))

    return loads


@pytest.fixture
def refused(loaded):
    def refuses(*overrides: str, **more: str) -> list[SciError]:
        with pytest.raises((PolicyError, SeveralErrors)) as caught:
            loaded(*overrides, **more)
        assert caught.value.exit_code == 9
        return list(caught.value.errors) if isinstance(caught.value, SeveralErrors) else [caught.value]

    return refuses


HOUSE = """\
name: st-mary
message: Comparable from year to year.
contact: statistics@st-mary.example
locked:
  evaluation.confidence: 0.99
  training:
    optimizer: {name: adamw, learning_rate: 5e-4}
"""


def test_what_is_locked_and_not_said_is_filled_in_and_knows_its_origin(loaded):
    found = loaded(project=HOUSE)

    assert found.resolved["evaluation"]["confidence"] == 0.99
    assert [one.line for one in found.given] == [
        "evaluation.confidence: 0.99   locked value of policy st-mary (project.yaml:5)"
    ]
    assert str(found.place("evaluation", "confidence")) == "project.yaml:5:3"


def test_a_locked_value_that_the_file_changes_is_refused_in_the_policys_words(refused, stand_ins):
    text = stand_ins.GOOD.replace("metrics: [f1, recall]", "metrics: [f1, recall], confidence: 0.9")

    [error] = refused(text=text, project=HOUSE)

    assert (error.id, error.message) == ("policy.locked", "`evaluation.confidence` is locked to 0.99 by st-mary")
    assert (error.where.file, error.where.line) == ("spam.yaml", 16)
    assert error.note == '"Comparable from year to year." project.yaml:5, ask: statistics@st-mary.example'
    assert error.hint == "confidence: 0.99"


def test_a_locked_value_that_the_command_line_changes_is_refused_there(refused):
    first, second = refused(
        "evaluation.confidence=0.9", "training.optimizer={name: adamw, learning_rate: 1.0}", project=HOUSE
    )

    assert str(first.where) == "--set evaluation.confidence"
    assert str(second.where) == "--set training.optimizer"


@pytest.mark.parametrize(
    ("optimizer", "allowed"),
    [
        ("{name: adamw, learning_rate: 5e-4}", True),
        ("{name: adamw, learning_rate: 0.0005, betas: [0.8, 0.9]}", True),
        ("adamw", True),
        ("{name: adamw, learning_rate: 5e-3}", False),
        ("sgd", False),
        ("{generator: adamw}", False),
    ],
)
def test_a_locked_component_may_have_settings_that_are_not_locked(loaded, optimizer, allowed):
    given = f"training.optimizer={optimizer}" if optimizer[0] == "{" else f'training.optimizer="{optimizer}"'
    if not allowed:
        with pytest.raises(PolicyError, match="is locked to"):
            loaded(given, project=HOUSE)
        return
    assert loaded(given, project=HOUSE).resolved["training"]["optimizer"]["learning_rate"] == 5e-4


@pytest.mark.parametrize("escape", ["training.deterministic=1", 'training.deterministic="true"', "training=null"])
def test_a_lock_is_not_opened_by_a_value_that_looks_alike(loaded, escape):
    policy = "locked: {training.deterministic: true}"
    with contextlib.suppress(PolicyError, ConfigError, SeveralErrors):
        found = loaded(escape, project=policy)
        assert found.resolved["training"]["deterministic"] is True


def test_the_name_of_a_component_is_locked_however_it_is_written(loaded):
    policy = "locked: {data.split.name: random}"

    for split in ("stratified", "{name: stratified, test: 0.2}"):
        with pytest.raises(PolicyError, match="is locked to random"):
            loaded(f"data.split={split}", project=policy)
    for split in ("random", "{name: random, test: 0.3}", "null"):
        assert loaded(f"data.split={split}", project=policy).resolved["data"]["split"]["name"] == "random"


def test_a_locked_list_keeps_the_settings_that_its_items_have(loaded):
    policy = "locked: {preprocessing: [{name: standardize}, clean-text]}"

    found = loaded("preprocessing=[standardize, clean-text]", project=policy)

    assert [one["name"] for one in found.resolved["preprocessing"]] == ["standardize", "clean-text"]
    with pytest.raises(PolicyError):
        loaded("preprocessing=[clean-text]", project=policy)


def test_defaults_fill_what_is_left_out_and_nothing_else(loaded):
    policy = "defaults: {training: {epochs: 50, batch_size: 8}, data.split.seed: 3, report: [markdown]}"

    found = loaded(user=policy)

    assert found.resolved["training"]["epochs"] == 5
    assert found.resolved["training"]["batch_size"] == 8
    assert found.resolved["data"]["split"]["seed"] == 3
    assert [one["name"] for one in found.resolved["report"]] == ["markdown"]
    assert {one.line.partition("   ")[2] for one in found.given} == {"default of policy (user.yaml:1)"}


def test_the_resolved_configuration_says_where_values_come_from_and_loads_again(loaded, write):
    policy = "name: lab\ndefaults:\n  training.batch_size: 8\nlocked:\n  evaluation.confidence: 0.9\nfirst: [impute]\n"
    found = loaded(project=policy)

    text = head(found.given) + to_yaml(found.resolved)

    assert text.splitlines()[:4] == [
        "# Not from the experiment file:",
        "# evaluation.confidence: 0.9   locked value of policy lab (project.yaml:5)",
        "# preprocessing.0: {name: impute}   step in front of policy lab (project.yaml:6)",
        "# training.batch_size: 8   default of policy lab (project.yaml:3)",
    ]
    again = loaded(text=text, project=policy)
    assert again.resolved == found.resolved
    assert again.given == ()
    assert yaml.safe_load(text)["training"]["batch_size"] == 8


def test_a_mistake_in_a_default_is_shown_in_the_policy(loaded):
    with pytest.raises(ConfigError) as caught:
        loaded(project="defaults:\n  training.batch_size: many\n")

    assert str(caught.value.where) == "project.yaml:2:3"


def test_the_highest_level_has_the_last_word(loaded, policies):
    texts = {
        "user": "defaults: {training.batch_size: 4}",
        "bundle": "locked: {training.batch_size: 64}\nminimum_seeds: 2",
        "system": "defaults: {training.batch_size: 16, evaluation.confidence: 0.9}\nminimum_seeds: 3",
        "project": "locked: {training.batch_size: 8, evaluation.confidence: 0.8}\nminimum_seeds: 5",
    }

    found = loaded(**texts)

    assert found.resolved["training"]["batch_size"] == 64
    assert found.resolved["evaluation"]["confidence"] == 0.8  # a lock is more than a default, whoever sets it
    assert found.resolved["study"]["seeds"] == 5
    about = why(policies(**texts), "training.batch_size")
    assert [(one.policy.level, one.value, one.how, one.holds) for one in about] == [
        ("system", "16", "default", False),
        ("bundle", "64", "locked", True),
        ("project", "8", "locked", False),
        ("user", "4", "default", False),
    ]


def test_steps_stand_in_front_of_the_experiments_own_and_of_those_of_baselines(loaded, stand_ins, policies):
    policy = "first:\n  - impute\n"
    found = loaded(project=policy)

    assert [one.name for one in found.of("preprocessors")] == ["impute", "clean-text"]
    assert str(found.place("preprocessing", 0)) == "project.yaml:2:5"
    assert str(found.place("preprocessing", 1)) == "spam.yaml:10:17"
    registry = stand_ins.make_registry(policy=policies(project=policy))
    rival = derived(found, {"preprocessing": ["standardize"]}, "baseline", registry)
    assert [one.name for one in rival.of("preprocessors")] == ["impute", "standardize"]
    same = derived(found, {"study": None}, "baseline", registry)
    assert [one.name for one in same.of("preprocessors")] == ["impute", "clean-text"]


def test_a_weaker_step_of_the_same_name_does_not_stand_in_for_the_houses(loaded):
    policy = "first: [{name: clean-text, columns: [text]}]"

    for own in ("[clean-text]", "[{name: clean-text, columns: [other]}]", "[standardize, clean-text]"):
        names = [one.name for one in loaded(f"preprocessing={own}", project=policy).of("preprocessors")]
        assert names == ["clean-text", *(["standardize"] if "standardize" in own else []), "clean-text"]
    same = loaded("preprocessing=[{name: clean-text, columns: [text]}]", project=policy)
    assert [one.name for one in same.of("preprocessors")] == ["clean-text"]
    assert same.given == ()


def test_overrides_count_the_experiments_own_steps(loaded):
    found = loaded("preprocessing.0=standardize", project="first: [impute]")

    assert [one.name for one in found.of("preprocessors")] == ["impute", "standardize"]


def test_too_few_seeds_are_refused_and_none_are_filled_in(loaded, refused):
    policy = "name: lab\nmessage: One seed is an anecdote.\nminimum_seeds: 3\n"

    assert loaded(project=policy).resolved["study"]["seeds"] == 3
    assert loaded("study.seeds=4", project=policy).resolved["study"]["seeds"] == 4
    [error] = refused("study.seeds=1", project=policy)
    assert (error.id, error.message) == ("policy.seeds", "1 seed is fewer than the 3 that lab asks for")
    assert error.note == '"One seed is an anecdote." project.yaml:3'


def test_reports_must_have_the_sections_that_are_asked_for(loaded, refused):
    policy = "name: lab\nreport: {sections: [intended_use, confusion-matrix]}"

    missing, none = refused("report=[]", project=policy)
    assert (missing.id, none.id) == ("policy.section", "policy.section")
    assert missing.message == "the experiment lacks `intended_use`, which lab asks of every report"
    found = loaded('intended_use="for research"', project=policy)
    assert [one.name for one in found.of("analyses")] == ["confusion-matrix"]
    assert found.given[0].line == "analysis.0: confusion-matrix   section of policy lab (project.yaml:2)"
    own = loaded('intended_use="for research"', "analysis=[confusion-matrix]", project=policy)
    assert [one.name for one in own.of("analyses")] == ["confusion-matrix"]


@pytest.mark.parametrize(
    ("text", "line", "said_so"),
    [
        ("locked: {trainig.epochs: 3}", 1, "`trainig.epochs` is no key of an experiment; did you mean `training`?"),
        ("locked:\n  preprocessing.0: impute", 2, "`preprocessing.0` leads to no key of an experiment"),
        ("defaults:\n  seed:\n", 2, "`seed` has no value"),
        ("defaults:\n  seed: 1e999\n", 2, "the number in `seed` is too large for a number of 64 bits"),
        ("minimum_seeds: 0", 1, "`0` is no whole number of at least 1"),
        ("offline: yes", 1, "`yes` is neither `true` nor `false`"),
        ("first: [{columns: [a]}]", 1, "a step is a name, or a mapping with `name` and its settings"),
        ("licenses: []", 1, "no licence is allowed here, so that no plugin could be used"),
        ("bundle: acme", 1, "only the system's policy puts a bundle in force"),
        ("report: {branding: {line: ours}}", 1, "branding lacks `name`, the institution as reports show it"),
        ("report: {branding: {name: a, logo: ../x.png}}", 1, "`../x.png` is no png, svg or jpeg beside this file"),
        ("locked: {seed: &x [*x]}", 1, "this unfolds to more than 20 levels"),
        (
            "locked: {seed: [&a [1, 1, 1, 1, 1, 1, 1, 1], &b [*a, *a, *a, *a, *a, *a], &c [*b, *b, *b, *b, *b, *b],"
            " &d [*c, *c, *c, *c, *c, *c], [*d, *d, *d, *d, *d, *d]]}",
            1,
            "this unfolds to more than 20 levels",
        ),
    ],
)
def test_a_mistake_in_a_policy_is_shown_with_its_line(loaded, text, line, said_so):
    with pytest.raises(PolicyError) as caught:
        loaded(project=text)

    assert caught.value.message.startswith(said_so)
    assert (caught.value.where.file, caught.value.where.line) == ("project.yaml", line)


def test_every_rule_says_who_set_it_and_where(policies):
    policy = policies(
        bundle="plugins: {allow: [sci-a], deny: [sci-b], require: [sci-c]}\nlicenses: [MIT]\noffline: true\n"
        "components: {deny: [deployers/*]}\nfirst: [impute]\nreport: {sections: [question], branding: {name: us}}",
        project="defaults: {seed: 3}",
    )

    keys = [one.key for one in said(policy)]

    assert keys == [
        *("plugins.allow", "plugins.deny", "plugins.require", "components.deny", "licenses", "offline", "first"),
        *("report.sections", "report.branding", "seed"),
    ]
    [about] = why(policy, "preprocessing")
    assert (about.value, about.place.line) == ("{name: impute}", 5)
    assert silent([about]) == "system, project and user say nothing"
    assert [one.value for one in why(policy, "deployers/rest")] == ["denied"]
    assert [one.how for one in why(policy, "sci-elsewhere")] == ["not on its allow-list"]
    assert why(policy, "model") == []


def test_an_experiment_without_policies_is_as_it_was(write, registry, stand_ins):
    found = load(write(stand_ins.GOOD), [], registry)

    assert found.given == ()
    assert head(found.given) == ""
    assert dataclasses.replace(found).resolved == found.resolved

from __future__ import annotations

import pytest

from sci.api.errors import SciError, SeveralErrors
from sci.experiment.load import load


@pytest.fixture
def found(write, registry, stand_ins):
    """Messages about the good file after one replacement."""

    def looks(old: str, new: str, *overrides: str) -> list[SciError]:
        assert old in stand_ins.GOOD
        with pytest.raises(SciError) as caught:
            load(write(stand_ins.GOOD.replace(old, new)), overrides, registry)
        return list(caught.value.errors) if isinstance(caught.value, SeveralErrors) else [caught.value]

    return looks


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[f1, recall]", "[f1, rmse]", "metric `rmse` is for regression, but the task is classification"),
        ("{name: logistic, l2: 1e-3}", "least-squares", "model `least-squares` is for regression"),
        ("epochs: 5\n", "epochs: 5\nanalysis: [residuals]\n", "analysis `residuals` is for regression"),
    ],
)
def test_what_serves_another_task_is_named_with_what_serves_this_one(found, old, new, message):
    [mistake] = found(old, new)

    assert mistake.message.startswith(message)
    assert mistake.note.startswith("for classification: ")
    assert "--task classification" in mistake.hint


def test_a_model_that_learns_in_steps_needs_an_optimizer_and_a_duration(found):
    mistakes = found("training:\n  optimizer: {name: adamw, learning_rate: 5e-4}\n  epochs: 5\n", "")

    assert [one.message for one in mistakes] == [
        "training lacks `optimizer`: logistic is trained step by step",
        "training lacks `epochs`: logistic is trained step by step",
    ]


def test_two_durations_are_one_too_many(found):
    [mistake] = found("epochs: 5", "epochs: 5\n  max_steps: 10")

    assert "both say how long" in mistake.message
    assert mistake.where.line == 16


def test_two_rhythms_of_checkpoints_are_one_too_many(found):
    [mistake] = found("epochs: 5", "epochs: 5\n  checkpoint: {every_steps: 1, every_minutes: 1}")

    assert "two rhythms" in mistake.message


def test_a_wrong_duration_is_not_also_a_lacking_one(found):
    [mistake] = found("epochs: 5", "epochs: 0")

    assert mistake.message.startswith("training.epochs is 0")


def test_a_model_that_is_fitted_in_one_step_needs_neither_and_warns_of_both(write, registry, stand_ins):
    regression = ["task=regression", "model=least-squares", "evaluation.metrics=[rmse]"]

    plain = load(
        write(stand_ins.GOOD.replace("training:\n  optimizer: {name: adamw, learning_rate: 5e-4}\n  epochs: 5\n", "")),
        regression,
        registry,
    )
    idle = load(write(stand_ins.GOOD), regression, registry)

    assert plain.warnings == ()
    [warning] = idle.warnings
    assert warning.message == (
        "least-squares is fitted in one step: training.optimizer, training.epochs have no effect"
    )
    assert warning.where.line == 14


def test_a_loss_over_the_whole_batch_cannot_be_accumulated(found):
    [mistake] = found("epochs: 5", "epochs: 5\n  loss: cox\n  gradient_accumulation: 4")

    assert mistake.id == "fit.batch-loss"


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_low_rank_adaptation_needs_an_engine_that_has_it(found, engine):
    mistakes = found(
        "model: {name: logistic, l2: 1e-3}\nengine: numpy", f"model: {{name: mlp, lora: {{rank: 4}}}}\nengine: {engine}"
    )

    refused = [mistake for mistake in mistakes if mistake.id == "model.lora"]
    assert [mistake.message for mistake in refused] == (
        ["engine numpy has no low-rank adaptation, and model.lora is set"] if engine == "numpy" else []
    )


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("epochs: 5", "epochs: 5\n  early_stopping: {monitor: recal}", "recall"),
        ("epochs: 5", "epochs: 5\n  early_stopping: {monitor: los}", "loss"),
        ("[f1, recall]}", "[f1, recall], primary: recal}", "recall"),
        ("evaluation: {metrics: [f1, recall]}", "evaluation: {primary: acuracy}", "accuracy"),
    ],
)
def test_monitor_and_primary_name_a_metric_of_the_experiment(found, old, new, meant):
    [mistake] = found(old, new)

    assert "which is not among" in mistake.message
    assert f"did you mean `{meant}`?" in mistake.message


def test_loss_and_every_metric_of_the_task_may_be_monitored(write, registry, stand_ins):
    for monitor in ("loss", "f1", "recall"):
        load(write(stand_ins.GOOD), [f"training.early_stopping.monitor={monitor}"], registry)
    load(write(stand_ins.GOOD), ["evaluation.metrics=null", "training.early_stopping.monitor=roc-auc"], registry)


def test_the_same_metric_twice_would_hide_one_result(found):
    [mistake] = found("[f1, recall]", "[f1, recall, {name: f1}]")

    assert mistake.message == "metric `f1` stands twice in evaluation.metrics"
    assert str(mistake.where) == "spam.yaml:16:36"


def test_an_audit_that_does_not_exist_waives_nothing(found):
    [mistake] = found("seed: 7", "audit: {duplicate: off}")

    assert mistake.message == "no check is called `duplicate`; did you mean `duplicates`?"


def test_several_seeds_leave_no_model_to_deploy(found):
    [mistake] = found("seed: 7", "deploy: [rest]\nstudy: {seeds: 3}")

    assert "none of them is the one to deploy" in mistake.message


def test_what_does_not_fit_is_found_beside_a_wrong_value(found):
    mistakes = found("[f1, recall]", "[f1, rmse]", "seed=-1")

    assert {one.id for one in mistakes} == {"fit.task", "config.value"}

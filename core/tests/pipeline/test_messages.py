from __future__ import annotations

import io
import json
import math

import numpy as np

from sci.api import ConfigError, DataError, Fold, Place, SeveralErrors, TrainingError
from sci.pipeline.children import Job
from sci.pipeline.messages import Channel, error_as_json, error_from_json, job_as_json, job_from_json


def again(document):
    return json.loads(json.dumps(document))


def test_a_job_comes_over_with_its_rows():
    rows = [np.array([2**40, 0, 7]), np.zeros(0, dtype=np.int64), np.array([3])]
    job = job_from_json(again(job_as_json(Job(Fold("fold-1", *rows), 5))))

    assert job.name == "fold-1.seed-5"
    for found, sent in zip(job.fold[1:], rows, strict=True):
        np.testing.assert_array_equal(found, sent)


def test_an_error_keeps_its_kind_its_id_and_its_place():
    sent = TrainingError(
        "the loss is not finite", id="train.diverged", where=Place("e.yaml", 3, 5, 2), hint="a smaller rate"
    )
    found = error_from_json(again(error_as_json(sent)))

    assert type(found) is TrainingError
    assert vars(found) == vars(sent)


def test_several_errors_stay_several():
    found = error_from_json(again(error_as_json(SeveralErrors([DataError("one"), ConfigError("two")]))))

    assert [type(one) for one in found.errors] == [DataError, ConfigError]
    assert found.exit_code == 3


def test_a_message_is_one_line_whatever_it_holds():
    stream = io.StringIO()
    Channel(stream).send("running", text="a\nb \u2028", loss=math.nan, step=np.int64(3))

    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue()) == {"what": "running", "text": "a\nb \u2028", "loss": None, "step": 3}

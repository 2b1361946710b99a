"""The page of results on texts says what its raw figures say, they are of the studies as they stand, and folds of one
come out again."""

from __future__ import annotations

import json

import pytest
import yaml


@pytest.fixture
def text(script):
    return script("text")


def test_committed_page_is_what_the_committed_figures_give(script, text):
    assert text.PAGE.read_text(encoding="utf-8") == script("text_page").page(text.figures())


def test_committed_figures_are_of_the_studies_as_they_stand(script, text):
    studies = script("studies")

    def settings(experiment):
        """Without the folder of a pretrained model, which is elsewhere on each machine."""
        for part in (experiment["model"], *experiment["preprocessing"]):
            if isinstance(part, dict):
                part.pop("pretrained", None)
        return experiment

    for name, row in text.figures().items():
        assert settings(yaml.safe_load(row["experiment"])) == settings(studies.STUDIES[name].experiment()), name


def test_every_rival_of_an_aim_is_a_row_before_it_or_a_baseline(script):
    studies = script("studies")
    before = []
    for name, study in studies.STUDIES.items():
        baselines = [
            one["name"] if isinstance(one, dict) else one for one in study.experiment()["evaluation"]["baselines"]
        ]
        assert {aim.rival for aim in study.aims if aim.rival} <= {*before, *baselines}
        before.append(name)


def test_every_study_reads_the_file_that_is_written_for_it(script):
    studies, corpora = script("studies"), script("corpora")
    for study in studies.STUDIES.values():
        if study.corpus != "multi30k":
            assert study.corpus in corpora.CORPORA
            assert study.experiment()["data"]["source"]["path"] == f"{study.corpus}.csv"


def test_two_folds_of_real_reviews_come_out_as_committed(script, text, tmp_path, monkeypatch):
    if script("corpora").folder() is None:
        pytest.skip("SCI_REFERENCE_DATA does not name a folder with the reference data")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    study = script("studies").STUDIES["cr/ngram-linear"]
    file = text.prepared(study, tmp_path)
    folds = ("--set", "study.folds=2", "--set", "evaluation.baselines=[]")
    run = text.sci(tmp_path, "run", file.name, "--quiet", *folds).strip()
    found = json.loads((tmp_path / run / "metrics.json").read_text(encoding="utf-8"))

    # The same on this machine; another processor rounds otherwise, by which a few of 377 rows may change.
    assert found["test"]["accuracy"]["values"] == pytest.approx(
        text.figures()["cr/ngram-linear"]["test"]["accuracy"]["values"][:2], abs=0.015
    )

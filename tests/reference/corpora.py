"""Texts of the reference data: as rows, and as the files that an experiment reads, which are never written into the
project."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Rows = list[Sequence[str]]
Read = Callable[[Path], Iterator[Sequence[str]]]


def folder() -> Path | None:
    """Where the reference data lie."""
    given = os.environ.get("SCI_REFERENCE_DATA")
    return Path(given) if given else None


def read(name: str) -> tuple[Sequence[str], Rows]:
    """The names of the columns of a corpus, and its rows.

    Raises:
        KeyError: no corpus has this name.
        OSError: its files are not there.
    """
    source = folder()
    assert source is not None
    head, rows = CORPORA[name]
    return head, list(rows(source))


def write(name: str, where: Path) -> None:
    """Write what an experiment on a corpus reads: `multi30k` as it was published, others as a csv file."""
    source = folder()
    assert source is not None
    if name == "multi30k":
        shutil.copytree(source / name, where / name, dirs_exist_ok=True)
        return
    head, rows = read(name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    (where / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")


def polarity(path: str, **files: str) -> Read:
    """Texts and labels of a corpus with one file of lines for each label (cp1252)."""

    def rows(source: Path) -> Iterator[Sequence[str]]:
        for label, file in files.items():
            for line in (source / path / file).read_text(encoding="cp1252").split("\n"):
                if line.strip():
                    yield line.strip(), label

    return rows


def sst(source: Path) -> Iterator[Sequence[str]]:
    """Whole sentences of SST-2, their labels, and the part that each is of."""
    for part, file in (("train", "train"), ("validation", "dev"), ("test", "test")):
        for line in (source / "sst" / f"stsa.binary.{file}").read_text(encoding="utf-8").split("\n"):
            if line:
                label, text = line.split(" ", 1)
                yield text, SIGNS[label], part


def sms(source: Path) -> Iterator[Sequence[str]]:
    """Messages that are spam or ham."""
    for line in (source / "sms_spam" / "SMSSpamCollection").read_text(encoding="utf-8").split("\n"):
        if line:
            label, text = line.split("\t", 1)
            yield text, label


def chnsenticorp(source: Path) -> Iterator[Sequence[str]]:
    """Chinese reviews of hotels, books and computers, their labels, and the part that each is of."""
    with zipfile.ZipFile(source / "chnsenticorp" / "chnsenticorp.zip") as archive:
        for part, file in (("train", "train"), ("validation", "dev"), ("test", "test")):
            [name] = [name for name in archive.namelist() if name.endswith(f"{file}.tsv") and "__MACOSX" not in name]
            head, *lines = (
                line.rstrip("\r").split("\t") for line in archive.read(name).decode("utf-8-sig").split("\n")
            )
            label, text = head.index("label"), head.index("text_a")
            yield from ((cells[text], SIGNS[cells[label]], part) for cells in lines if len(cells) == len(head))


def unseen(source: Path) -> Iterator[Sequence[str]]:
    """The same without the test texts that occur in the other parts."""
    rows = list(chnsenticorp(source))
    known = {text for text, _, part in rows if part != "test"}
    return (row for row in rows if row[2] != "test" or row[0] not in known)


def parted(source: Path) -> Iterator[Sequence[str]]:
    """Subj in one drawn order, of which 72 % is learned from, 18 % chosen by, and 10 % tested on."""
    rows = list(CORPORA["subj"][1](source))
    random.Random(1).shuffle(rows)
    for place, (text, label) in enumerate(rows):
        share = place / len(rows)
        yield text, label, "train" if share < 0.72 else "validation" if share < 0.9 else "test"


def unlabelled(rows: Read) -> Read:
    """The texts that may be learned from, without their labels."""
    return lambda source: ((text,) for text, _, part in rows(source) if part == "train")


def few(rows: Read) -> Read:
    """A tenth of the labels that may be learned from and be chosen by, and all test texts."""

    def tenth(source: Path) -> Iterator[Sequence[str]]:
        found = list(rows(source))
        for part, step in (("train", 10), ("validation", 10), ("test", 1)):
            yield from [row for row in found if row[2] == part][::step]

    return tenth


SIGNS = {"0": "negative", "1": "positive"}
LABELLED, PARTED = ("text", "label"), ("text", "label", "part")
CORPORA: dict[str, tuple[Sequence[str], Read]] = {
    "mr": (LABELLED, polarity("mr_rt_polarity", negative="rt-polarity.neg", positive="rt-polarity.pos")),
    "subj": (LABELLED, polarity("subj", subjective="subj.subjective", objective="subj.objective")),
    "cr": (LABELLED, polarity("cr_customer_reviews", negative="custrev.neg", positive="custrev.pos")),
    "sms": (LABELLED, sms),
    "sst": (PARTED, sst),
    "chnsenticorp": (PARTED, chnsenticorp),
    "chnsenticorp-unseen": (PARTED, unseen),
    "chnsenticorp-texts": (("text",), unlabelled(unseen)),
    "chnsenticorp-few": (PARTED, few(unseen)),
    "subj-texts": (("text",), unlabelled(parted)),
    "subj-few": (PARTED, few(parted)),
}

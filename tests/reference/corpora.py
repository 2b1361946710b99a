"""Texts of the reference data as files that an experiment reads: written where it runs, never into the project."""

from __future__ import annotations

import csv
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

Rows = Iterable[Sequence[str]]


def folder() -> Path | None:
    """Where the reference data lie."""
    given = os.environ.get("SCI_REFERENCE_DATA")
    return Path(given) if given else None


def write(name: str, where: Path) -> None:
    """Write the files of one corpus.

    Raises:
        KeyError: no corpus has this name.
        OSError: its files are not there.
    """
    source = folder()
    assert source is not None
    CORPORA[name](source, where)


def polarity(path: str, name: str, **files: str) -> Callable[[Path, Path], None]:
    """A corpus with one file of lines for each label (cp1252)."""

    def written(source: Path, where: Path) -> None:
        rows = [
            (line.strip(), label)
            for label, file in files.items()
            for line in (source / path / file).read_text(encoding="cp1252").split("\n")
            if line.strip()
        ]
        table(where / f"{name}.csv", ("text", "label"), rows)

    return written


def sst(source: Path, where: Path) -> None:
    """Whole sentences of SST-2 with the part that each is of."""
    rows = [
        (text, {"0": "negative", "1": "positive"}[label], part)
        for part, file in (("train", "train"), ("validation", "dev"), ("test", "test"))
        for line in (source / "sst" / f"stsa.binary.{file}").read_text(encoding="utf-8").split("\n")
        if line
        for label, text in [line.split(" ", 1)]
    ]
    table(where / "sst.csv", ("text", "label", "part"), rows)


def sms(source: Path, where: Path) -> None:
    """Messages that are spam or ham."""
    lines = (source / "sms_spam" / "SMSSpamCollection").read_text(encoding="utf-8").split("\n")
    table(where / "sms.csv", ("label", "text"), [line.split("\t", 1) for line in lines if line])


def chnsenticorp(source: Path, where: Path) -> None:
    """Chinese reviews of hotels, books and computers as published, and once more without the test texts that occur
    in the other parts."""
    with zipfile.ZipFile(source / "chnsenticorp" / "chnsenticorp.zip") as archive:
        parts = {
            part: list(_labelled(archive, file))
            for part, file in (("train", "train"), ("validation", "dev"), ("test", "test"))
        }
    rows = [(text, label, part) for part, found in parts.items() for label, text in found]
    known = {text for text, _, part in rows if part != "test"}
    head = ("text", "label", "part")
    table(where / "chnsenticorp.csv", head, rows)
    unseen = [row for row in rows if row[2] != "test" or row[0] not in known]
    table(where / "chnsenticorp-unseen.csv", head, unseen)


def _labelled(archive: zipfile.ZipFile, part: str) -> Iterable[tuple[str, str]]:
    """Label and text of each line of a tab-separated file."""
    [name] = [name for name in archive.namelist() if name.endswith(f"{part}.tsv") and "__MACOSX" not in name]
    head, *lines = archive.read(name).decode("utf-8-sig").split("\n")
    label, text = head.strip().split("\t").index("label"), head.strip().split("\t").index("text_a")
    for line in lines:
        cells = line.rstrip("\r").split("\t")
        if len(cells) > max(label, text):
            yield {"0": "negative", "1": "positive"}[cells[label]], cells[text]


def multi30k(source: Path, where: Path) -> None:
    """Descriptions of images in English and German."""
    shutil.copytree(source / "multi30k", where / "multi30k", dirs_exist_ok=True)


def table(file: Path, head: Sequence[str], rows: Rows) -> None:
    """A csv file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")


CORPORA: dict[str, Callable[[Path, Path], None]] = {
    "mr": polarity("mr_rt_polarity", "mr", negative="rt-polarity.neg", positive="rt-polarity.pos"),
    "subj": polarity("subj", "subj", subjective="subj.subjective", objective="subj.objective"),
    "cr": polarity("cr_customer_reviews", "cr", negative="custrev.neg", positive="custrev.pos"),
    "sst": sst,
    "sms": sms,
    "chnsenticorp": chnsenticorp,
    "multi30k": multi30k,
}

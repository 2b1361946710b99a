"""Data that nobody should train on."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

FILE = "probe.yaml"
MARK = "▸"
"""Stands before the text that the message must point at."""
ROWS = "rows.csv"
BASE = """\
format: 1
name: probe
seed: 7
task: classification
data:
  source: {name: csv, path: rows.csv}
  target: label
  split: {name: stratified, validation: 0.2, test: 0.2}
preprocessing:
  - one-hot
  - standardize
model: logistic
engine: numpy
training: {optimizer: {name: adam, learning_rate: 0.1}, epochs: 2}
evaluation: {metrics: [accuracy], baselines: []}
report: []
"""
SOUND = "size,colour,label\n" + "".join(f"{i}.5,{('red', 'green', 'blue')[i % 3]},{'ab'[i % 2]}\n" for i in range(40))
NUMBERS = "size,label\n" + "".join(f"{i}.5,{2 * i}.25\n" for i in range(40))


def lines(changes: dict[int, str], text: str = SOUND) -> str:
    """The table with some of its lines replaced; they count from 1, the line of names."""
    found = text.splitlines()
    for number, line in changes.items():
        found[number - 1] = line
    return "\n".join(found) + "\n"


def cells(column: str, changes: dict[int, str], text: str = SOUND) -> str:
    """The table with some cells of a column replaced, by line."""
    rows = [line.split(",") for line in text.splitlines()]
    for number, cell in changes.items():
        rows[number - 1][rows[0].index(column)] = cell
    return "\n".join(map(",".join, rows)) + "\n"


def every(column: str, cell: str, text: str = SOUND) -> str:
    """The table with one cell all down a column."""
    return cells(column, dict.fromkeys(range(2, len(text.splitlines()) + 1), cell), text)


def parted(parts: str, rows: list[str], header: str = "size,label,part") -> str:
    """A table whose rows say their part themselves."""
    names = {"t": "train", "v": "validation", "e": "test"}
    return header + "\n" + "".join(f"{row},{names[part]}\n" for part, row in zip(parts, rows, strict=True))


class Case(NamedTuple):
    """One row of the catalogue in one variant: a table, changes to the base file, and what is said about it.

    The message names a line of the table, the table (line 0), or the place of the mark in the changed file.
    """

    id: str
    table: str | bytes
    line: int | str | None
    words: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()


def case(
    id: str, table: str | bytes, line: int | str | None, *words: str, edits: Sequence[tuple[str, str]] = ()
) -> Case:
    return Case(id, table, line, words, tuple(edits))


def declared(*settings: str) -> tuple[str, str]:
    """What the source is told about the file."""
    return "path: rows.csv}", f"path: rows.csv, {', '.join(settings)}}}"


def beside(key: str) -> tuple[str, str]:
    """One more key of the section `data`."""
    return "  target: label\n", f"  {key}\n  target: label\n"


AT_SOURCE = ("{name: csv", f"{MARK}{{name: csv")
AT_TARGET = ("target: label", f"target: {MARK}label")
AT_SPLIT = ("split: {", f"split: {MARK}{{")
AT_SCALING = ("- standardize", f"- {MARK}standardize")
AT_MODEL = ("model: l", f"model: {MARK}l")
BY_COLUMN = ("{name: stratified, validation: 0.2, test: 0.2}", "{name: predefined, column: part}")
REGRESSION = (
    ("task: classification", "task: regression"),
    ("stratified", "random"),
    ("  - one-hot\n", ""),
    ("logistic", "linear"),
    ("[accuracy]", "[rmse]"),
)
NOBODY = parted("t" * 20 + "v" * 5 + "e" * 5, [f"{i},{'ab'[i >= 20]}" for i in range(30)])
TWINS = parted("t" * 20 + "e" * 5, [f"{i % 20},{'ab'[i % 2]}" for i in range(25)])
UNSEEN = parted("t" * 20 + "e" * 5, [f"{i},{'ab'[i % 2]}" for i in range(24)] + ["24,c"])

CASES = [
    case("D1 no bytes", b"", 0, "is empty"),
    case("D1 line ends only", "\n\n", 0, "is empty"),
    case("D1 header only", "size,colour,label\n", 0, "no rows"),
    case("D1 one row", "size,colour,label\n1.5,red,a\n", None, "1 row", edits=[AT_SOURCE]),
    case("D1 two rows", "size,colour,label\n1.5,red,a\n2.5,red,b\n", None, "no row for test", edits=[AT_SPLIT]),
    case("D2 UTF-16", SOUND.encode("utf-16"), 1, "UTF-16"),
    case("D2 UTF-16 without a mark", SOUND.encode("utf-16-le"), 1, "UTF-16"),
    case("D2 Latin-1", cells("colour", {3: "\xb5"}).encode("latin-1"), 3, "0xb5"),
    case("D2 mixed", cells("colour", {3: "\xb5"}).encode() + "1,\xb5,a\n".encode("latin-1"), 42, "0xb5"),
    case("D2 not as declared", cells("colour", {5: "\xb5"}).encode(), 5, "0xc2", edits=[declared("encoding: ascii")]),
    case("D2 NUL", SOUND.replace("green", "gr\0n", 1), 3, "NUL"),
    case("D4 wrong delimiter", SOUND.replace(",", ";"), 1, "';'"),
    case("D4 wrong delimiter declared", SOUND, 1, "','", edits=[declared('delimiter: "|"')]),
    case("D4 short row", lines({7: "3.5,red"}), 7, "has 2 cells", "has 3"),
    case("D4 long row", lines({7: "3.5,red,a,b"}), 7, "has 4 cells", "has 3"),
    case("D4 empty row", lines({7: ""}), 7, "is empty"),
    case("D4 quote never closed", lines({7: '3.5,"red,a'}), 7, "never closed"),
    case("D4 text behind a quote", lines({7: '3.5,"red" x,a'}), "7:10", "closing quote"),
    case("D4 no line of names", "\n".join(["1.5,2,3"] * 9), 1, "only numbers"),
    case("D5 duplicate", lines({1: "size,size,label"}), 1, "2 columns are called `size`"),
    case("D5 empty", lines({1: "size,,label"}), 1, "column 2 has no name"),
    case("D5 blank", lines({1: "size, ,label"}), 1, "column 2 has no name"),
    case("D5 padded", lines({1: "size,colour ,label"}), 1, "begins or ends with a blank"),
    case("D5 padded by a no-break space", lines({1: "size,colour\u00a0,label"}), 1, "begins or ends with a blank"),
    case(
        "D6 misspelt",
        SOUND,
        None,
        "no column `lable`",
        "did you mean `label`?",
        edits=[("target: label", f"target: {MARK}lable")],
    ),
    case("D6 missing", SOUND, None, "no column `zebra`", edits=[("target: label", f"target: {MARK}zebra")]),
    case(
        "D6 other case", SOUND, None, "no column `Label`", "`label`", edits=[("target: label", f"target: {MARK}Label")]
    ),
    case("D6 input missing", SOUND, None, "no column `sise`", "`size`", edits=[beside(f"inputs: [{MARK}sise]")]),
    case(
        "D6 target as input", SOUND, None, "`label`", "it is the target", edits=[beside(f"inputs: [size, {MARK}label]")]
    ),
    case("D6 declared", SOUND, None, "no column `age`", edits=[beside(f"columns: {{age: {MARK}{{kind: number}}}}")]),
    case("D6 group missing", SOUND, None, "no column `person`", edits=[beside(f"group: {MARK}person")]),
    case("D6 id missing", SOUND, None, "no column `person`", edits=[beside(f"id: {MARK}person")]),
    case(
        "D6 part missing",
        SOUND,
        None,
        "no column `part`",
        edits=[(BY_COLUMN[0], f"{{name: predefined, column: {MARK}part}}")],
    ),
    case(
        "D7 empty",
        cells("label", dict.fromkeys((4, 9, 12, 20, 21, 30), "")),
        None,
        "no label",
        "6 rows",
        "2, 7, 10, 18, 19",
        edits=[AT_TARGET],
    ),
    case("D7 blank", cells("label", {4: "  "}), None, "no label", "1 row (id 2)", edits=[AT_TARGET]),
    case("D7 code", cells("label", {4: "?"}), None, "no label", edits=[declared('missing: ["?"]'), AT_TARGET]),
    case(
        "D7 number", cells("label", {4: ""}, NUMBERS), None, "no value", "1 row (id 2)", edits=[*REGRESSION, AT_TARGET]
    ),
    case("D8 one class", every("label", "a"), None, "one class only", "`a`", edits=[AT_TARGET]),
    case("D8 missing from train", NOBODY, None, "`b`", "without a row in train", edits=[BY_COLUMN, AT_TARGET]),
    case("D9 only in test", UNSEEN, None, "`c`", "of test", edits=[BY_COLUMN, AT_TARGET]),
    case("D11 blanks", cells("label", {4: " a", 7: "b "}), None, "one class in", edits=[AT_TARGET]),
    case(
        "D11 numbers",
        every("label", "1").replace("1\n", "1.0\n", 3).replace("1\n", " 2\n", 2),
        None,
        "1.0",
        edits=[AT_TARGET],
    ),
    case(
        "D11 numbers among words",
        cells("label", {4: "1", 6: "1.0", 8: "01"}),
        None,
        "one class in 3 ways",
        "`1.0`",
        edits=[AT_TARGET],
    ),
    case(
        "D11 quoted number",
        lines({2: "0.5,red,1", 3: '1.5,red,"1.0"'}),
        None,
        "one class in",
        "`1.0`",
        edits=[AT_TARGET],
    ),
    case(
        "D11 composed letters",
        cells("label", {4: "caf\u00e9", 6: "cafe\u0301"}),
        None,
        "one class in",
        edits=[AT_TARGET],
    ),
    case("D12 text", cells("label", {4: "tall"}, NUMBERS), 4, "`tall`", edits=REGRESSION),
    case(
        "D12 words only",
        cells("label", {4: "tall"}),
        None,
        "`a`",
        "not a number",
        edits=[*REGRESSION, beside("inputs: [size]"), AT_TARGET],
    ),
    case("D12 infinite", cells("label", {4: "inf"}, NUMBERS), 4, "`inf`", edits=REGRESSION),
    case("D12 too large", cells("label", {4: "1e400"}, NUMBERS), 4, "`1e400`", edits=REGRESSION),
    case("D12 not a number", cells("label", {4: "nan"}, NUMBERS), 4, "`nan`", edits=REGRESSION),
    case("D13 nothing", every("size", ""), None, "`size`", "no value", edits=[AT_SCALING]),
    case("D13 infinite", cells("size", {4: "inf"}), 4, "`inf`"),
    case("D13 minus infinite", cells("size", {4: "-Infinity"}), 4, "`-Infinity`"),
    case("D13 too large", cells("size", {4: "1e309"}), 4, "`1e309`", "1.8e308"),
    case(
        "D13 overflow", cells("size", {n: f"{(-1) ** n}e308" for n in range(2, 42)}), None, "`size`", edits=[AT_SCALING]
    ),
    case("D13 missing", cells("size", {4: "", 5: ""}), None, "`size`", "missing", edits=[AT_MODEL]),
    case("D14 words among numbers", cells("size", {4: "large", 5: "small"}), 4, "`large`", "2 cells"),
    case("D14 N/A", cells("size", {4: "N/A"}), 4, "`N/A`"),
    case("D14 null", cells("size", {4: "null"}), 4, "`null`"),
    case("D14 NaN", cells("size", {4: "NaN"}), 4, "`NaN`"),
    case("D14 question mark", cells("size", {4: "?"}), 4, "`?`"),
    case("D14 dash", cells("size", {4: "-"}), 4, "`-`"),
    case("D14 truth among numbers", cells("size", {4: "true"}), 4, "`true`"),
    case("D14 hexadecimal", cells("size", {4: "0x1F"}), 4, "`0x1F`"),
    case("D14 full-width digits", cells("size", {4: "\uff11\uff12"}), 4, "`\uff11\uff12`"),
    case(
        "D15 decimal comma", SOUND.replace(",", ";").replace(".5", ",5"), 2, "`0,5`", edits=[declared('delimiter: ";"')]
    ),
    case("D15 one decimal comma", cells("size", {4: '"2;5"'}).replace(";", ","), 4, "`2,5`"),
    case("D15 thousands", cells("size", {4: "1'234.5"}), 4, "`1'234.5`"),
    case("D15 percent", cells("size", {4: "12%"}), 4, "`12%`"),
    case("D15 currency", cells("size", {4: "$12"}), 4, "`$12`"),
    case(
        "D17 across a predefined split", TWINS, None, "5 test rows", "also occur in train", edits=[BY_COLUMN, AT_SPLIT]
    ),
]


def prepared(edits: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The base file with these changes, and the place of the mark in it."""
    text = BASE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    if MARK not in text:
        return text, ""
    before = text[: text.index(MARK)].split("\n")
    return text.replace(MARK, ""), f"{FILE}:{len(before)}:{len(before[-1]) + 1}"


def written(folder: pathlib.Path, table: str | bytes, edits: Sequence[tuple[str, str]] = ()) -> str:
    """Write a table and the experiment file about it; the place of the mark."""
    (folder / ROWS).write_bytes(table if isinstance(table, bytes) else table.encode())
    text, place = prepared(edits)
    (folder / FILE).write_text(text)
    return place


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_table_with_a_mistake_is_refused_at_its_place(refused, work, case):
    place = written(work, case.table, case.edits)
    if case.line is not None:
        place = f"{ROWS}:{case.line}" if case.line else ROWS

    refused("check", "--batch", FILE, exit=3, place=place, words=case.words)
    refused("run", FILE, exit=3, place=place, words=case.words, begun=True)

    for run in (work / "runs" / "probe").glob("2*"):
        manifest = json.loads((run / "manifest.json").read_text())
        assert manifest["status"] == "failed"
        assert manifest["error"]["exit"] == 3
        assert not (run / "model").exists()
        assert not (run / "metrics.json").exists()


READABLE = {
    "D2 byte order mark": (b"\xef\xbb\xbf" + SOUND.encode(), ()),
    "D2 Latin-1 as declared": (cells("colour", {3: "\xb5"}).encode("latin-1"), [declared("encoding: latin-1")]),
    "D2 UTF-16 as declared": (SOUND.encode("utf-16"), [declared("encoding: utf-16")]),
    "D4 a long cell": (lines({7: f"3.5,{'x' * (1 << 20)},a"}), ()),
    "D4 a line end in quotes": (lines({7: '3.5,"re\nd",a'}), ()),
    "D4 a delimiter in quotes": (lines({7: '3.5,"r,e""d",a'}), ()),
    "D14 codes as declared": (cells("size", {4: "N/A", 5: "null", 6: "-999"}),
                              [declared('missing: ["N/A", "null", -999]'), ("- one-hot", "- impute\n  - one-hot")]),
    "D14 codes of a column": (cells("size", {6: "-999"}),
                              [beside("columns: {size: {missing: [-999]}}"), ("- one-hot", "- impute\n  - one-hot")]),
    "D15 decimal comma as declared": (SOUND.replace(",", ";").replace(".5", ",5"),
                                      [declared('delimiter: ";"', 'decimal: ","')]),
    "D15 thousands as declared": (cells("size", {4: "1'234.5"}), [declared("thousands: \"'\"")]),
    "D17 waived": (TWINS, [BY_COLUMN, ("report: []", "report: []\naudit: {duplicates: warn}")]),
}  # fmt: skip


@pytest.mark.parametrize(("table", "edits"), READABLE.values(), ids=READABLE)
def test_what_is_declared_is_read(sci, work, table, edits):
    written(work, table, edits)

    assert sci("check", FILE, "--batch").code == 0


def fingerprint(sci, work, table: bytes) -> str:
    written(work, table)
    result = sci("run", FILE, "--quiet")
    assert result.code == 0
    return json.loads((pathlib.Path(result.out.strip()) / "sci.lock").read_text())["data"]["fingerprint"]


def test_line_ends_and_marks_are_not_data(sci, work):
    """D3: the fingerprint is of the values, not of the bytes."""
    plain = SOUND.encode()
    forms = [plain, plain.replace(b"\n", b"\r\n"), plain.replace(b"\n", b"\r"), plain[:-1], b"\xef\xbb\xbf" + plain]

    assert len({fingerprint(sci, work, form) for form in forms}) == 1


def test_the_order_of_rows_is_data(sci, work):
    """D21: a row's id is its position, so shuffled rows are other data, and the fingerprint says so."""
    names, *rows = SOUND.splitlines(keepends=True)

    assert fingerprint(sci, work, SOUND.encode()) != fingerprint(sci, work, "".join([names, *rows[::-1]]).encode())


def test_a_column_that_says_nothing_is_a_warning_in_the_run(sci, work):
    """D13: a constant input is neither dropped nor silently kept."""
    written(work, every("size", "3.5"))

    result = sci("run", FILE, "--json")

    assert result.code == 0
    assert any("`size`" in warning["message"] for warning in result.document["warnings"])


def test_a_waived_check_is_told_wherever_the_result_is(sci, work):
    """D17: `audit: {duplicates: warn}` lets the run go on and stands in the summary and the report."""
    written(work, TWINS, [BY_COLUMN, ("report: []", "report: [markdown]\naudit: {duplicates: warn}")])

    result = sci("run", FILE)

    run = pathlib.Path(result.out.splitlines()[-1])
    assert "A check was waived" in result.out
    assert "duplicates: warn" in (run / "report.md").read_text()


def test_numbers_that_are_names_keep_their_digits(sci, work):
    """D16: identifiers of 20 digits that differ in the last one stay apart, and nothing is rounded."""
    rows = SOUND.replace("size,", "key,size,").replace("\n", "\n123456789012345678").splitlines()[:41]
    table = "\n".join([rows[0], *(f"{row[:18]}{i:02d},{row[18:]}" for i, row in enumerate(rows[1:]))]) + "\n"
    written(work, table, [beside("id: key")])

    result = sci("run", FILE, "--json")

    assert result.code == 0
    assert any("key stays text" in warning["message"] for warning in result.document["warnings"])
    predicted = sci("predict", result.document["run"], ROWS, "--json").document["predictions"]
    assert len({row["id"] for row in predicted}) == 40


DATES = {
    "day first": [f"{i % 28 + 1:02d}/03/2024" for i in range(40)],
    "month first": [f"03/{i % 28 + 1:02d}/2024" for i in range(40)],
    "no such day": [f"2024-02-{i % 31 + 1:02d}" for i in range(40)],
    "zones in some": [f"2024-03-01T00:00:{i:02d}{'Z' if i % 2 else ''}" for i in range(40)],
}


@pytest.mark.parametrize("dates", DATES.values(), ids=DATES)
def test_a_date_is_not_guessed(refused, work, dates):
    """D15: a split by time takes ISO 8601 alone, with a zone in all rows or in none."""
    rows = [f"{date},{line}" for date, line in zip(["when", *dates], SOUND.splitlines(), strict=True)]
    place = written(work, "\n".join(rows) + "\n", [
        (BY_COLUMN[0], f"{MARK}{{name: time, test: 0.2}}"), beside("time: when"),
    ])  # fmt: skip

    refused("run", FILE, exit=3, place=place, words=["when"], begun=True)


def lasting(work: pathlib.Path) -> None:
    """An experiment that trains until it is told to stop."""
    written(work, SOUND, [("epochs: 2", "epochs: 1000000, checkpoint: {every_steps: 5}")])


def interrupted(work: pathlib.Path) -> str:
    """The directory of a run that a signal has stopped while it trained."""
    lasting(work)
    child = subprocess.Popen(
        [sys.executable, "-m", "sci", "run", FILE, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 20
    while not list(work.glob("runs/probe/*/checkpoints/step-????????")) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=20)
    assert child.returncode == 6
    [run] = work.glob("runs/probe/2*")
    return str(run)


def test_a_run_goes_on_only_with_the_data_that_it_began_with(refused, work):
    """D22: one changed cell, and `sci resume` says so instead of training on."""
    run = interrupted(work)
    (work / ROWS).write_text(cells("size", {4: "2.75"}))

    refused("resume", run, exit=3, words=["the data have changed since this run began"], begun=True)


def test_a_run_whose_data_are_gone_says_so(refused, work):
    run = interrupted(work)
    (work / ROWS).unlink()

    result = refused("resume", run, exit=3, place=f"{run}/config.resolved.yaml:10:11", words=[f"`{ROWS}`"], begun=True)

    assert "no file" in result.headline


def test_a_report_is_written_anew_only_from_the_same_data(refused, sci, work):
    written(work, SOUND)
    run = sci("run", FILE, "--quiet").out.strip()
    (work / ROWS).write_text(cells("size", {4: "2.75"}))

    for _ in range(2):
        refused("report", run, exit=3, words=["the data have changed since this run began"], begun=True)
    assert json.loads((pathlib.Path(run) / "manifest.json").read_text())["status"] == "finished"
    assert sci("predict", run, ROWS).code == 0


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_a_file_that_is_written_to_while_it_is_read_is_refused(sci, work, name):
    """D22: half of one version and half of the next are no data set."""
    row = "3.5,red,a\n" if name.endswith("csv") else '{"size": 3.5, "colour": "red", "label": "a"}\n'
    path = work / name
    path.write_text(
        ("size,colour,label\n" if name.endswith("csv") else "") + row * (2_000_000 if name.endswith("csv") else 200_000)
    )
    (work / FILE).write_text(BASE.replace("name: csv, path: rows.csv", f"name: {name[5:]}, path: {name}"))
    done = threading.Event()

    def write() -> None:
        with path.open("a") as file:
            while not done.wait(0.005):
                file.write(row)
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        result = sci("check", FILE)
    finally:
        done.set()
        writer.join()

    assert result.code == 3
    assert result.headline.startswith(f"{name}: error: `{name}` changed while it was read")


PAYLOAD = "import pathlib; pathlib.Path('canary').touch()"


class Canary:
    """Unpickled, it leaves a file behind."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, (PAYLOAD,)


def arrays(kind: str) -> bytes:
    """A file of NumPy whose array is a pickle."""
    file = io.BytesIO()
    if kind == "npy":
        np.save(file, np.array([Canary(), Canary()], dtype=object), allow_pickle=True)
    else:
        np.savez(file, size=np.array([Canary()], dtype=object))
    return file.getvalue()


PICKLES = {
    "pickle 2": lambda: pickle.dumps(Canary(), protocol=2),
    "pickle 4": lambda: pickle.dumps(Canary(), protocol=4),
    "pickle 5": lambda: pickle.dumps(Canary(), protocol=5),
    "text pickle": lambda: pickle.dumps(Canary(), protocol=0),
    "npy": lambda: arrays("npy"),
    "npz": lambda: arrays("npz"),
}


@pytest.mark.parametrize("ending", ["csv", "pkl", "npy", "npz", "joblib"])
@pytest.mark.parametrize("made", PICKLES.values(), ids=[f"D26 {name}" for name in PICKLES])
def test_a_pickle_is_never_opened(sci, work, made, ending):
    name = f"rows.{ending}"
    written(work, SOUND, [("rows.csv", name)])
    (work / name).write_bytes(made())

    result = sci("check", FILE)

    assert (result.code, result.out) == (3, "")
    assert result.headline
    assert not (work / "canary").exists()


@pytest.mark.parametrize("source", ["parquet", "jsonl", "arff", "tsv"])
@pytest.mark.parametrize("made", PICKLES.values(), ids=[f"D26 {name}" for name in PICKLES])
def test_no_source_opens_a_pickle(sci, work, made, source):
    written(work, SOUND, [("name: csv, path: rows.csv", f"name: {source}, path: rows.{source}")])
    (work / f"rows.{source}").write_bytes(made())

    result = sci("check", FILE)

    assert (result.code, result.out) == (3, "")
    assert result.headline
    assert not (work / "canary").exists()


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


def bent(data: bytes, position: int) -> bytes:
    """The bytes with one bit flipped."""
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


GZIPS = {
    "truncated": (packed(SOUND)[:-20], "not a whole gzip file"),
    "without its checksum": (packed(SOUND)[:-8], "not a whole gzip file"),
    "wrong checksum": (bent(packed(SOUND), -8 % len(packed(SOUND))), "not a whole gzip file"),
    "wrong length": (bent(packed(SOUND), -2 % len(packed(SOUND))), "not a whole gzip file"),
    "two bytes": (b"\x1f\x8b", "not a whole gzip file"),
    "plain text": (SOUND.encode(), "not a whole gzip file"),
    "zip": (b"PK\x03\x04" + bytes(60), "not a whole gzip file"),
    "rubbish behind it": (packed(SOUND) + b"rubbish", "not a whole gzip file"),
    "no bytes": (b"", "rows.csv.gz"),
    "packed twice": (gzip.compress(packed(SOUND)), "a gzip file, not text"),
}


@pytest.mark.parametrize(("data", "words"), GZIPS.values(), ids=[f"D28 {name}" for name in GZIPS])
def test_a_broken_archive_is_refused(refused, work, data, words):
    written(work, data, [("rows.csv", "rows.csv.gz")])
    (work / ROWS).rename(work / "rows.csv.gz")

    refused("check", FILE, exit=3, place="rows.csv.gz", words=[words])


def gigabyte(piece: bytes, head: bytes = b"size,colour,label\n") -> bytes:
    """A gzip file of a megabyte or so that unpacks to a gigabyte: the same member over and over."""
    return gzip.compress(head) + gzip.compress(piece) * (2**30 // len(piece))


LARGE = {
    "D4 a gigabyte in one cell": (gigabyte(b"x" * 2**20), (), "is longer than 64 MiB"),
    "D4 a gigabyte in one quotation": (gigabyte((b"x" * 63 + b"\n") * 2**14, b'size\n"'), (), "opens in line 2"),
    "D4 a gigabyte of names": (gigabyte(b"x," * 2**19, b""), (), "is longer than 64 MiB"),
    "D4 a cell of 17 MiB": (gzip.compress(b"size\n" + b"x" * (17 << 20)), (), "16 MiB"),
    "D28 more than was allowed": (
        gigabyte(b"1.5,red,a\n" * 2**16),
        [("path: rows.csv", "max_bytes: 10000000, path: rows.csv")],
        "holds more than 10,000,000 bytes when unpacked",
    ),
    "D28 line ends": (gigabyte(b"\n" * 2**20), (), "64 MiB"),
    "D28 zeros": (gigabyte(bytes(2**20)), (), "NUL"),
}


@pytest.mark.parametrize(("data", "edits", "words"), LARGE.values(), ids=LARGE)
def test_a_file_that_unpacks_to_a_gigabyte_needs_less_than_that(measured, work, data, edits, words):
    written(work, SOUND, [*edits, ("rows.csv", "rows.csv.gz")])
    (work / "rows.csv.gz").write_bytes(data)

    result = measured("check", FILE)

    assert (result.code, result.out) == (3, "")
    assert words in result.headline
    assert result.peak < 1e9


def frame(text: str = SOUND) -> pa.Table:
    return pyarrow.csv.read_csv(io.BytesIO(text.encode()))


def parquet(**options: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(frame(), file, **options)
    return file.getvalue()


def lying_footer(length: int) -> bytes:
    """A Parquet file that gives its footer another length than it has."""
    data = parquet()
    return data[:-8] + length.to_bytes(4, "little") + data[-4:]


PARQUETS = {
    "no bytes": b"",
    "magic alone": b"PAR1",
    "both magics": b"PAR1PAR1",
    "no end": parquet()[:-1],
    "half": parquet()[: len(parquet()) // 2],
    "middle missing": parquet()[:100] + parquet()[-300:],
    "wrong magic": b"PAR2" + parquet()[4:],
    "encrypted magic": parquet()[:-4] + b"PARE",
    "text": SOUND.encode(),
    "arrow": b"ARROW1\0\0" + bytes(100) + b"ARROW1",
    "footer of nothing": lying_footer(0),
    "footer beyond the file": lying_footer(2**31 - 1),
    "footer of 4 GB": lying_footer(2**32 - 1),
    "footer too short": lying_footer(20),
    "footer of zeros": parquet()[:-208] + bytes(200) + parquet()[-8:],
    "page of zeros": parquet()[:4] + bytes(120) + parquet()[124:],
}


@pytest.mark.parametrize("data", PARQUETS.values(), ids=[f"D25 {name}" for name in PARQUETS])
def test_a_broken_parquet_file_is_refused(refused, work, data):
    written(work, data, [("name: csv, path: rows.csv", "name: parquet, path: rows.csv")])

    refused("check", FILE, exit=3, place=ROWS, words=[ROWS])


def test_no_flipped_byte_of_a_parquet_file_ends_the_program(work):
    """D25: each of 60 files with one byte changed is read or refused; in one process, because none may crash it."""
    written(work, SOUND, [("name: csv, path: rows.csv", "name: parquet, path: rows.csv")])
    (work / "whole").write_bytes(parquet(write_page_checksum=True))
    program = """
import pathlib, random
from sci.cli.main import main
data, draw = pathlib.Path("whole").read_bytes(), random.Random(1)
for _ in range(60):
    position = draw.randrange(len(data))
    pathlib.Path("rows.csv").write_bytes(data[:position] + bytes([draw.randrange(256)]) + data[position + 1:])
    print("exit", main(["check", "probe.yaml"]), flush=True)
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    codes = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("exit ")]
    assert (done.returncode, len(codes)) == (0, 60)
    assert set(codes) <= {"0", "3"}
    assert "3" in codes
    assert "Traceback" not in done.stderr


def unreadable(path: pathlib.Path) -> None:
    path.write_text(SOUND)
    path.chmod(0)


FILES = {
    "missing": (lambda path: None, "there is no file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "circle"),
    "two links in a circle": (lambda path: (path.symlink_to("b"), (path.parent / "b").symlink_to(path.name)), "circle"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "there is no file"),
    "link out of the folder": (lambda path: path.symlink_to("/etc/passwd"), "leads out of the experiment's folder"),
    "link through a folder": (lambda path: path.symlink_to("../outside.csv"), "leads out"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "pipe": (lambda path: os.mkfifo(path), "not a regular file"),
    "zeros without end": (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
    "no permission": (unreadable, "reading is not permitted"),
}


@pytest.mark.parametrize(("made", "words"), FILES.values(), ids=[f"D29 {name}" for name in FILES])
def test_a_path_that_leads_to_no_table_is_refused(refused, work, made, words):
    if made is unreadable and os.geteuid() == 0:
        pytest.skip("the superuser may read every file")
    place = written(work, SOUND, [("path: rows.csv", f"path: {MARK}rows.csv")])
    (work.parent / "outside.csv").write_text(SOUND)
    (work / ROWS).unlink()
    made(work / ROWS)

    result = refused("check", FILE, exit=3, words=[words, ROWS], place=ROWS if words == "is a folder" else place)

    assert "root:" not in result.err


NAMES = {
    "a line end": ("ro\nws.csv", "control character"),
    "NUL": ("ro\0ws.csv", "control character"),
    "an escape": ("ro\x1b[2Jws.csv", "control character"),
    "an address": ("https://example.org/rows.csv", "there is no file"),
    "a scheme": ("file:///etc/passwd", "there is no file"),
    "a variable": ("$HOME/rows.csv", "there is no file"),
    "a home": ("~/rows.csv", "there is no file"),
    "300 letters": ("r" * 300, "too long"),
    "right to left": ("rows\u202evsc.csv", "there is no file"),
}


@pytest.mark.parametrize(("name", "words"), NAMES.values(), ids=[f"D29 {name}" for name in NAMES])
def test_a_path_that_is_no_path_is_refused_on_one_line(refused, work, name, words):
    place = written(work, SOUND, [("path: rows.csv", f"path: {MARK}{json.dumps(name)}")])

    result = refused("check", FILE, exit=3, place=place, words=[words])

    assert not set(result.err) & {"\x1b", "\0", "\u202e"}


def test_a_slip_in_a_path_has_the_nearest_name_in_its_message(refused, work):
    place = written(work, SOUND, [("path: rows.csv", f"path: {MARK}row.csv")])

    result = refused("check", FILE, exit=3, place=place, words=["no file `row.csv`; did you mean `rows.csv`?"])

    assert "type: path: rows.csv" in result.err


PATHS = ["rows here.csv", "'quoted'.csv", "Größe 尺寸.csv", "-rows.csv", "rows;ls.csv", "../outside.csv", "a/b.csv"]


@pytest.mark.parametrize("name", PATHS)
def test_a_path_may_look_odd(sci, work, name):
    """D29, L4: what a file system allows and the file writes out is read."""
    written(work, SOUND, [("path: rows.csv", f"path: {json.dumps(name)}")])
    (work / name).parent.mkdir(exist_ok=True)
    (work / ROWS).rename(work / name)

    assert sci("check", FILE).code == 0


@pytest.mark.parametrize(("name", "typed"), [("my file.yaml", "'my file.yaml'"), ("-e.yaml", "./-e.yaml")])
def test_what_follows_a_check_can_be_typed_for_any_name(sci, work, name, typed):
    written(work, SOUND)
    (work / FILE).rename(work / name)

    assert sci("check", "--", name).out.endswith(f"{name} is ready.   next: sci run {typed}\n")


NEW = "size,colour\n3.5,red\n4.5,green\n"
OTHER = {
    "a column missing": ("size\n3.5\n", (), 3, "lacks column `colour`"),
    "all columns missing": ("name\nx\n", (), 3, "column `name`"),
    "a column too many": ("size,colour,more\n3.5,red,1\n", (), 3, "column `more`, which the run does not know"),
    "words for numbers": ("size,colour\nlarge,red\nsmall,red\n", (), 3, "`large` in column size"),
    "a word among numbers": ("size,colour\n1.5,red\n2.5,red\nlarge,red\n", (), 3, "`large` in column size"),
    "a number in another notation": ("size,colour\n'1,5',red\n".replace("'", '"'), (), 3, "`1,5` in column size"),
    "truth for numbers": ("size,colour\ntrue,red\n", (), 3, "`true` in column size"),
    "nothing for numbers": ("size,colour\n,red\n", (), 3, "column `size` has 1 missing value"),
    "infinite": ("size,colour\ninf,red\n", (), 3, "`inf`"),
    "too large": ("size,colour\n1e309,red\n", (), 3, "`1e309`"),
    "no bytes": ("", (), 3, "is empty"),
    "no rows": ("size,colour\n", (), 3, "no rows"),
    "ragged": ("size,colour\n3.5\n", (), 3, "has 1 cell"),
    "a column twice": ("size,size,colour\n3.5,3.5,red\n", (), 3, "2 columns are called `size`"),
    "names in other case": ("Size,Colour\n3.5,red\n", (), 3, "column `Size`"),
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The directory of a finished run on the sound table."""
    folder = tmp_path_factory.mktemp("trained")
    written(folder, SOUND, [("- one-hot", "- {name: one-hot, unseen: error}")])
    command = [sys.executable, "-m", "sci", "run", FILE, "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return str(folder / done.stdout.strip())


@pytest.mark.parametrize(("table", "flags", "exit", "words"), OTHER.values(), ids=[f"D30 {name}" for name in OTHER])
def test_new_rows_must_be_what_the_model_was_trained_on(sci, work, trained, table, flags, exit, words):
    (work / "new.csv").write_text(table)

    result = sci("predict", trained, "new.csv", *flags)
    document = sci("predict", trained, "new.csv", *flags, "--json").document

    assert (result.code, result.out) == (exit, "")
    assert "new.csv" in result.headline.partition(": error: ")[0]
    assert words in result.headline
    assert words in document["error"]["message"]


def test_a_category_that_was_never_seen_is_refused_where_that_was_asked_for(sci, work, trained):
    (work / "new.csv").write_text("size,colour\n3.5,violet\n")

    result = sci("predict", trained, "new.csv")

    assert result.code == 3
    assert "`violet`" in result.headline


def test_columns_are_found_by_name_and_extra_ones_passed_over_on_request(sci, work, trained):
    """D30: the order of columns says nothing; a column that the run does not know needs a flag."""
    (work / "new.csv").write_text(NEW)
    (work / "turned.csv").write_text("colour,size\nred,3.5\ngreen,4.5\n")
    (work / "more.csv").write_text("more,size,colour\n1,3.5,red\n2,4.5,green\n")
    (work / "answered.csv").write_text("size,colour,label\n3.5,red,a\n4.5,green,\n")

    plain = sci("predict", trained, "new.csv").out

    assert len(plain.splitlines()) == 3
    assert sci("predict", trained, "turned.csv").out == plain
    assert sci("predict", trained, "more.csv", "--ignore-extra").out == plain
    assert sci("predict", trained, "answered.csv").out == plain


@pytest.mark.parametrize("made", PICKLES.values(), ids=[f"D26 {name}" for name in PICKLES])
def test_new_rows_are_no_pickle(sci, work, trained, made):
    for name in ("new.npy", "new.pkl", "new.csv"):
        (work / name).write_bytes(made())

        assert sci("predict", trained, name).code == 3
        assert not (work / "canary").exists()


HOSTILE = [
    "__proto__",
    "constructor",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}",
    "{% import os %}${7*7}",
    "=cmd|' /C calc'!A0",
    "+1+2",
    "-1+2",
    "@SUM(A1)",
    "[link](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "a|b`c`*d*_e_",
    "\u202eevil",
    "\u2028line",
    "\x1b[31mred",
    "a\x07b",
    "&lt;b&gt;",
    "尺寸",
    "\U0001f9ea" * 3,
    "x" * 300,
]


class Active(HTMLParser):
    """Collects everything in a page that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link"):
            self.found.append(tag)
        for name, value in attributes:
            target = (value or "").strip().lower()
            if name.startswith("on") or (name in ("href", "src", "xlink:href", "action") and is_active(target)):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def is_active(target: str) -> bool:
    """Whether following the address would run or fetch something."""
    return not target.startswith(("#", "data:image/", "https://doi.org/", "./", "figures/")) and ":" in target


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A finished run whose classes, categories, columns and question are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*HOSTILE[:12], "size", "label"])
    for row in range(6 * len(HOSTILE)):
        writer.writerow([*(HOSTILE[(row + i) % len(HOSTILE)] for i in range(12)), row, HOSTILE[row % len(HOSTILE)]])
    written(folder, file.getvalue(), [("report: []", "report: [html, markdown, model-card]\nanalysis: [confusion-matrix]\n"
            f"question: {json.dumps(HOSTILE[2] + HOSTILE[3])}\nintended_use: {json.dumps(HOSTILE[6] + HOSTILE[12])}")])  # fmt: skip
    command = [sys.executable, "-m", "sci", "run", FILE, "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return folder / done.stdout.strip()


def test_hostile_names_do_nothing_in_the_page(hostile):
    """D23: nothing in the page acts, and what was written is read there letter by letter."""
    page = Active()
    page.feed((hostile / "report.html").read_text())

    assert page.found == []
    for name in ("__proto__", "<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0", "&lt;b&gt;"):
        assert name in page.text
    assert not set(page.text) & {"\x1b", "\x07", "\u202e"}


def test_hostile_names_do_nothing_in_markdown(hostile):
    """D23: no markup, no link and no picture comes out of a name."""
    for name in ("report.md", "model_card.md"):
        text = (hostile / name).read_text()
        plain = re.sub(r"\\.", "", text)

        assert "<script" not in plain
        assert "<img" not in plain
        assert "<svg" not in plain
        assert "](javascript:" not in plain
        assert "](https://example.org" not in plain
        assert not set(text) & {"\x1b", "\x07", "\u202e"}


def test_hostile_names_do_nothing_in_a_figure(hostile):
    for path in hostile.glob("figures/*.svg"):
        figure = Active()
        figure.feed(path.read_text())

        assert figure.found == []


def test_hostile_names_are_no_formula_in_a_spreadsheet(hostile, sci, work):
    """D23: a label that begins like a formula gets an apostrophe, on standard output and in a file."""
    rows = pq.read_table(hostile / "predictions" / "test.parquet").num_rows
    source = hostile.parent.parent.parent / ROWS

    shown = sci("predict", str(hostile), str(source)).out
    sci("predict", str(hostile), str(source), "--to", "answers.csv")

    assert rows
    assert (work / "answers.csv").read_text() == shown
    cells = [cell for row in csv.reader(io.StringIO(shown)) for cell in row]
    assert len(cells) > 6 * len(HOSTILE)
    assert [cell for cell in cells if cell[:1] in ("=", "@", "+", "\t", "\r")] == []
    assert [cell for cell in cells if cell.startswith("-") and not re.fullmatch(r"-[0-9.e-]+", cell)] == []


@pytest.mark.parametrize("verb", [["check"], ["check", "--batch"], ["run"]])
def test_hostile_names_are_seen_and_not_obeyed_by_a_terminal(sci, work, verb):
    """D23: what people read on a terminal shows controls as pictures and marks of direction as dots."""
    red, turned = "\x1b[31mred\x07", "\u202eturned"
    table = SOUND.replace("size", f"si{red}ze").replace(",a\n", f",{red}\n").replace(",b\n", f",{turned}\n")
    written(work, table, [("[accuracy]", "[accuracy, f1]"), ("baselines: []", "baselines: [majority]")])

    result = sci(verb[0], FILE, *verb[1:])

    assert result.code == 0
    assert not set(result.out + result.err) & {"\x1b", "\x07", "\u202e"}


def test_a_hostile_value_is_shown_harmless_in_an_error(sci, work):
    """D23: the same holds for what an error quotes."""
    written(work, cells("size", {4: "\x1b[2J\x07\u202elarge"}))

    result = sci("check", FILE)

    assert result.code == 3
    assert not set(result.err) & {"\x1b", "\x07", "\u202e"}


def wide(columns: int) -> str:
    """Twelve rows of many columns."""
    rows = [
        ",".join([*(f"{(7 * i + row * (i % 13)) % 10}.5" for i in range(columns)), "ab"[row % 2]]) for row in range(12)
    ]
    return "\n".join([",".join([*(f"c{i}" for i in range(columns)), "label"]), *rows]) + "\n"


def test_a_table_of_many_columns_needs_memory_in_proportion(measured, work):
    """D24: 12,000 columns of 12 rows, which the readers of Arrow alone would answer with 9 kB a column."""
    written(work, SOUND)
    ordinary = measured("check", FILE)
    written(work, wide(12_000))

    result = measured("check", FILE)

    assert result.code == 0
    assert "12000 columns" in result.out.replace(",", "")
    assert result.peak < ordinary.peak + 100e6


def test_a_category_for_every_row_is_refused_in_bounded_memory(measured, work):
    """D24: 200,000 categories are said, and not turned into 200,000 columns."""
    table = "size,colour,label\n" + "".join(f"{i}.5,k{i},{'ab'[i % 2]}\n" for i in range(200_000))
    place = written(work, table, [beside("columns: {colour: {kind: category}}"), ("- one-hot", f"- {MARK}one-hot")])

    result = measured("run", FILE)

    assert (result.code, result.out) == (3, "")
    assert result.headline.startswith(f"{place}: error: ")
    assert "`colour`" in result.headline
    assert "120,000" in result.headline
    assert result.peak < 1e9


VALUES = {
    "D13 infinite": ("size", float("inf"), (), "column `size` holds 1 infinite value", "{name: parquet"),
    "D13 minus infinite": ("size", float("-inf"), (), "column `size` holds 1 infinite value", "{name: parquet"),
    "D13 not a number": ("size", float("nan"), (), "column `size` has 1 missing value", "logistic"),
    "D13 overflow": ("size", 1.7e308, (), "`size`", "standardize"),
    "D7 null": ("label", None, (), "`label` has no label in 1 row (id 5)", "label"),
    "D12 infinite": ("size", float("inf"), [*REGRESSION, ("target: label", "target: size")], "`size`", "size"),
    "D12 null": ("size", None, [*REGRESSION, ("target: label", "target: size")], "no value in 1 row (id 5)", "size"),
}


@pytest.mark.parametrize(("column", "value", "edits", "words", "at"), VALUES.values(), ids=VALUES)
def test_a_value_that_no_text_file_can_hold_is_refused_too(refused, work, column, value, edits, words, at):
    """What a table of numbers holds, sci-data does not look at letter by letter."""
    table = frame().to_pydict()
    table[column][5] = value
    table["size"][6] = -table["size"][5] if value == 1.7e308 else table["size"][6]
    if edits:
        table = {"label": [float(row) for row in range(40)], "size": table["size"]}
    pq.write_table(pa.table(table), work / "rows.parquet")
    text, _ = prepared([("{name: csv, path: rows.csv}", "{name: parquet, path: rows.parquet}"), *edits])
    (work / FILE).write_text(text)
    rows = text.split("\n")
    line = next(number for number, row in enumerate(rows) if row.rstrip().endswith(at) or at in row)

    refused("run", FILE, exit=3, place=f"{FILE}:{line + 1}:{rows[line].index(at) + 1}", words=[words], begun=True)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"text": [], "label": "a"}, "column `text` holds empty lists, which are no text"),
        ({"text": [1, 2], "label": "a"}, "column `text` holds lists of numbers, which are no text"),
        ({"text": "so good", "label": ["a"]}, "`label` holds lists of labels"),
        ({"text": "so good", "label": [1]}, "column `label` holds lists of numbers"),
        ({"text": "so good", "label": "a", "split.part": "x"}, "a column is called `split.part`"),
    ],
)
def test_values_of_an_odd_type_are_refused_in_words(sci, work, row, words):
    pathlib.Path("rows.jsonl").write_text("".join(json.dumps({**row, "n": at}) + "\n" for at in range(20)))
    text = BASE.replace("{name: csv, path: rows.csv}", "{name: jsonl, path: rows.jsonl}")
    text = text.replace("  target: label", "  target: label\n  columns: {text: {kind: text}}")
    pathlib.Path(FILE).write_text(text.replace("one-hot", "bag-of-words"))

    for verb in ("check", "run"):
        result = sci(verb, FILE)
        assert result.code == 3, result.err
        assert words in result.headline


PARALLEL = """\
format: 1
name: probe
seed: 7
task: seq2seq
data:
  source: {name: parallel-text, columns: [en, de]}
  target: de
  split: {name: predefined, files: {train: train.*, test: test.*}}
preprocessing:
  - {name: bpe, columns: [en], vocabulary_size: 300, max_length: 16}
  - {name: bpe, columns: [de], vocabulary_size: 300, max_length: 16, enclose: true}
model: {name: encoder-decoder, hidden_size: 8, layers: 1, heads: 1}
engine: torch
training: {optimizer: {name: adam, learning_rate: 0.01}, epochs: 1}
"""


@pytest.mark.parametrize(
    ("pattern", "place", "words", "hint"),
    [
        ("tran.*", "probe.yaml:8:44", "there is no file `tran.en`", ""),
        ("train.en", "train.en", "`train.en` is column `en` alone, and the target is `de`", "train.*"),
    ],
)
def test_sentences_in_files_of_their_own_are_text_and_their_files_are_named(sci, work, pattern, place, words, hint):
    pytest.importorskip("torch", reason="engine torch is not installed")
    for part in ("train", "test"):
        for language in ("en", "de"):
            lines = "".join(f"{part} {language}{row % 3}\n" for row in range(30))
            pathlib.Path(f"{part}.{language}").write_text(lines)
    pathlib.Path(FILE).write_text(PARALLEL)
    assert sci("check", FILE).code == 0
    pathlib.Path(FILE).write_text(PARALLEL.replace("train: train.*", f"train: {pattern}"))

    result = sci("check", FILE)

    assert result.code == 3
    assert result.headline.startswith(f"{place}: error: {words}"), result.err
    assert hint in result.err


def test_more_folds_than_rows_are_refused_once_the_rows_are_counted(refused, work):
    """C9: how many rows there are is a matter of the data."""
    place = written(work, SOUND, [(BY_COLUMN[0], f"{MARK}{{name: k-fold, folds: 1000}}")])

    refused("run", FILE, exit=3, place=place, words=["1000 folds", "40"], begun=True)

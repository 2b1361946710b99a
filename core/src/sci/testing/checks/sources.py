"""What a source owes: the rows, all of them, and the same ones each time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sci.api import SciError
from sci.testing.apart import answer, ours
from sci.testing.check import Fault, check
from sci.testing.context import KitContext
from sci.testing.generators import untouched
from sci.testing.reading import files, once, read
from sci.testing.settings import settled
from sci.testing.trial import Trial, needs

KIND = "sources"
READS = ("SCI-SRC-001",)
NOWHERE = "no-such-folder/no-such-file"


@check(
    "SCI-SRC-001",
    KIND,
    mend='Return `dataset(table)` of `sci.api`; let the case bring the files that are read: claims={"files": {...}}.',
)
def reads_rows(trial: Trial) -> None:
    """The source reads the rows of its case, with names of columns and an id for each row."""
    found = once(trial)
    if not len(found) or not found.schema.columns:
        raise Fault(f"{len(found)} rows of {len(found.schema.columns)} columns")
    if len(np.unique(found.ids)) < len(found):
        raise Fault("two rows have one id")


@check(
    "SCI-SRC-002", KIND, after=READS, mend="Sort what a folder lists, and draw nothing without a seed of the settings."
)
def reads_the_same_twice(trial: Trial) -> None:
    """Reading twice, also with a new source, gives the same rows in the same order."""
    folder, source = files(trial), trial.make()
    prints = [read(one, folder).fingerprint() for one in (source, source, trial.make())]
    if len(set(prints)) > 1:
        raise Fault("the fingerprints of the rows differ")


@check(
    "SCI-SRC-003",
    KIND,
    after=READS,
    mend="Read cells as they are written; correct the case where that is what was meant.",
)
def reads_what_its_case_claims(trial: Trial) -> None:
    """The rows hold the `values` (column to list) and are as many `rows` as the case claims."""
    needs({"values", "rows"} & set(trial.claims), "the case claims no rows and no values")
    found = once(trial)
    count = trial.claims.get("rows", len(found))
    if len(found) != count:
        raise Fault(f"{len(found)} rows", expected=f"{count} rows, which the case claims")
    table = found.table()
    for name, values in trial.claims.get("values", {}).items():
        got = table.column(name).to_pylist() if name in table.column_names else None
        if got != list(values):
            raise Fault(f"column `{name}` is {got!r}"[:400], expected=f"{list(values)!r}, which the case claims"[:400])


@check("SCI-SRC-004", KIND, after=READS, mend="Take every path through `context.resolve`, which raises the error.")
def names_what_is_not_there(trial: Trial) -> None:
    """A path that does not exist is a `DataError`, not an exception of the library that reads it."""
    fields = trial.component.config_class().model_fields
    needs("path" in fields and trial.case is not None, "has no setting `path`")
    assert trial.case is not None
    settings = settled(trial.component, {**trial.case.settings, "path": NOWHERE}).settings
    source = trial.target(settings)
    try:
        source.read(KitContext(trial.subject.room()))
    except SciError as error:
        if error.exit_code == 3:
            return
        raise Fault(f"{type(error).__name__}: {error.message}") from error
    raise Fault("no error")


@check("SCI-SRC-005", KIND, after=READS, mend="Write to no place but a temporary folder of your own.")
def leaves_the_files_alone(trial: Trial) -> None:
    """Reading changes nothing in the folder of the data."""
    folder = files(trial)

    def listed() -> dict[str, bytes]:
        return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}

    before = listed()
    read(trial.make(), folder)
    after = listed()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if changed:
        raise Fault(f"`{min(changed)}` was written, changed or deleted")


@check(
    "SCI-SRC-006",
    KIND,
    after=(*READS, "SCI-SRC-002"),
    mend="Keep nothing on `self` or in the module while `read` is at work.",
)
def threads_do_not_disturb_one_another(trial: Trial) -> None:
    """Several threads that read at once read the same rows."""
    folder, source = files(trial), trial.make()
    expected = read(source, folder).fingerprint()
    start = threading.Barrier(4, timeout=30)

    def work(_: int) -> set[str]:
        start.wait()
        return {read(source, folder).fingerprint() for _ in range(3)}

    with ThreadPoolExecutor(4) as pool:
        found = set().union(*pool.map(work, range(4)))
    if found != {expected}:
        raise Fault("a thread reads other rows")


@check(
    "SCI-SRC-007",
    KIND,
    after=(*READS, "SCI-SRC-002"),
    mend="Sort what comes out of a set, and build nothing on `hash()` or the process.",
)
def another_process_reads_the_same(trial: Trial) -> None:
    """Another process, with another hash seed, reads the same rows."""
    found = answer(trial, "plain")
    if found != ours(trial):
        raise Fault(found if found.startswith("raises") else "the other process reads other rows")


@check(
    "SCI-SRC-008",
    KIND,
    after=("SCI-SRC-007",),
    mend="Open files and connections in `read`, not when the source is made or imported.",
)
def survives_a_fork(trial: Trial) -> None:
    """A process that was forked after a first reading reads the same rows again."""
    found = answer(trial, "forked")
    needs(found, "this platform does not fork")
    if found != ours(trial):
        raise Fault(found if found.startswith("raises") else "the forked process reads other rows")


@check(
    "SCI-SRC-009",
    KIND,
    after=(*READS, "SCI-SRC-002"),
    mend="Draw from a generator of your own, with a seed of the settings.",
)
def leaves_global_generators_alone(trial: Trial) -> None:
    """Neither `random` nor `numpy.random` is in another state after reading."""
    with untouched():
        read(trial.make(), files(trial))


@check("SCI-SRC-010", KIND, after=READS, mend="Look at the length before the first row; a `DataError` names the file.")
def empty_files_are_no_accident(trial: Trial) -> None:
    """A file without a byte in it is read as no rows, or refused with a `DataError`."""
    given = trial.claims.get("files")
    needs(isinstance(given, Mapping) and given, "the case gives no files by name")
    assert isinstance(given, Mapping)
    for name in given:
        folder = files(trial)
        (folder / name).write_bytes(b"")
        try:
            read(trial.make(), folder)
        except SciError as error:
            if error.exit_code != 3:
                raise Fault(f"`{name}` without content: {type(error).__name__}: {error.message}") from error
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"`{name}` without content: {type(error).__name__}: {error}") from error


@check(
    "SCI-SRC-011", KIND, after=(*READS, "SCI-SRC-002"), mend="Hand paths on as `pathlib.Path`, not as bytes or ASCII."
)
def folders_may_have_any_name(trial: Trial) -> None:
    """Files in a folder whose name has spaces and letters of other scripts are read like those in any other."""
    folder = files(trial, trial.subject.room() / "Größe 今日 שלום 🧬")
    if read(trial.make(), folder).fingerprint() != once(trial).fingerprint():
        raise Fault("other rows are read")

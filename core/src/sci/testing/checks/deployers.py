"""What a deployer owes: what was trained is what is handed over."""

from __future__ import annotations

import numpy as np

from sci.api import Deployment
from sci.testing.check import Fault, check
from sci.testing.compare import array_difference
from sci.testing.study import deployed
from sci.testing.trial import Trial, needs

KIND = "deployers"
DEPLOYS = ("SCI-DEP-001",)
FOREIGN = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".dill")
OWN = {"manifest.json", "log.txt"}
"""What the core writes while deployers are at work."""


@check("SCI-DEP-001", KIND, mend="Return `Deployment(name, files, how)`, with the files that were written.")
def hands_a_model_over(trial: Trial) -> None:
    """A small study is handed over: the deployer says what it is called, how it is used, and which files it wrote."""
    found = deployed(trial).deployment
    if not isinstance(found, Deployment):
        raise Fault(f"`deploy` returns a {type(found).__name__}")
    if not str(found.name).strip() or not str(found.how).strip():
        raise Fault(f"name {found.name!r}, how {found.how!r}")
    missing = [name for name in found.files if not (deployed(trial).run.path / name).is_file()]
    if missing:
        raise Fault(f"`{missing[0]}` is named and not there")


@check(
    "SCI-DEP-002", KIND, after=DEPLOYS, mend='Write with `context.write(f"exports/{name}/...")`, and name every file.'
)
def writes_below_its_folder(trial: Trial) -> None:
    """All that it writes lies below ``exports/<name>/``, and is named."""
    found = deployed(trial)
    folder = f"exports/{trial.component.spec.name}/"
    named = set(found.deployment.files)
    astray = sorted(name for name in (found.new - OWN) | named if not name.startswith(folder))
    if astray:
        raise Fault(f"`{astray[0]}`", expected=f"files below {folder}")
    silent = sorted(found.new - OWN - named)
    if silent:
        raise Fault(f"`{silent[0]}` was written and is not named")


@check(
    "SCI-DEP-003", KIND, after=DEPLOYS, mend="Write weights as safetensors, ONNX or SavedModel, and the rest as JSON."
)
def hands_over_no_pickle(trial: Trial) -> None:
    """Nothing that it writes is a pickle: opening one runs code."""
    found = deployed(trial)
    for name in sorted({*found.new, *found.deployment.files}):
        path = found.run.path / name
        if name.endswith(FOREIGN) or (path.is_file() and _is_pickle(path.read_bytes())):
            raise Fault(f"`{name}` is one")


@check("SCI-DEP-004", KIND, after=DEPLOYS, mend="Export what `pipeline.encode`, `network` and `decode` do, all three.")
def predicts_the_same(trial: Trial) -> None:
    """What was handed over predicts what the pipeline predicts: the claim `predict` is a function of run, deployment
    and an Arrow table of raw rows, and returns the predicted numbers."""
    predict = trial.claims.get("predict")
    needs(predict, "the case does not say how to predict with it")
    assert predict is not None
    found = deployed(trial)
    rows = found.rows.table().drop_columns(["y"])
    expected = np.asarray(found.run.pipeline.predict(rows).column("prediction.value"), dtype=np.float64)
    received = np.asarray(predict(found.run, found.deployment, rows), dtype=np.float64)
    wrong = array_difference(expected, received, trial.tolerance(1e-6))
    if wrong:
        raise Fault(f"the pipeline and what was handed over predict {wrong}")


@check(
    "SCI-DEP-005",
    KIND,
    level="recommended",
    mend='Claim `predict` in a case: claims={"predict": lambda run, deployment, table: [...]}.',
)
def can_be_asked(trial: Trial) -> None:
    """A case says how to predict with what is handed over."""
    if not callable(trial.claims.get("predict")):
        raise Fault("no case claims `predict`")


@check("SCI-DEP-006", KIND, mend="Give it `serve(run, host, port)`, or take the trait away.")
def serves_where_it_says_so(trial: Trial) -> None:
    """A deployer with the trait `serves` has a method `serve`."""
    needs("serves" in trial.component.spec.traits, "does not have the trait serves")
    if not callable(getattr(trial.make(), "serve", None)):
        raise Fault("there is no `serve`")


def _is_pickle(content: bytes) -> bool:
    """Whether bytes begin as pickles of protocol 2 and later do, and end as all do."""
    return len(content) > 2 and content[0] == 0x80 and content[1] in range(2, 6) and content.endswith(b".")

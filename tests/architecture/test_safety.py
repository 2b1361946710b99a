"""No source can turn data into code, and no file knows the machine that it was written on."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("core/src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
MODULES = {"pickle", "_pickle", "cPickle", "marshal", "shelve", "joblib", "dill", "cloudpickle"}
BUILTINS = {"eval", "exec", "compile", "__import__"}
CALLS = {
    *(f"yaml.{name}" for name in ("load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all")),
    *(f"yaml.{name}" for name in ("Loader", "UnsafeLoader", "FullLoader", "CLoader", "CUnsafeLoader", "CFullLoader")),
    *(f"builtins.{name}" for name in BUILTINS),
    "torch.load",
    "pandas.read_pickle",
    "numpy.fromregex",
}
ARRAY_FILES = {"numpy.load", "numpy.save", "numpy.savez", "numpy.savez_compressed"}
PLACES = re.compile(r"(?<![\w./~$}-])[/](work|root|home(?!/somebody)|tmp|Users)(?![\w.-])")
HOSTILE = ROOT / "tests/hostile"
"""Its inputs name such places on purpose."""


def aliases(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: `import numpy as np` makes `np` numpy."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names if alias.asname}
            found |= dict.fromkeys([alias.name.partition(".")[0] for alias in node.names if not alias.asname], "")
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {name: full or name for name, full in found.items()}


def dotted(node: ast.AST, known: dict[str, str]) -> str:
    """`np.load` as `numpy.load`; empty for what is no chain of names."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (left := dotted(node.value, known)):
        return f"{left}.{node.attr}"
    return ""


def dangers(text: str) -> list[str]:
    """What the source could run or unpickle, as `line: what`."""
    tree = ast.parse(text)
    known = aliases(tree)
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if (node.module or "").partition(".")[0] in MODULES else []
        elif isinstance(node, ast.Name | ast.Attribute):
            name = dotted(node, known)
            read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)  # a setting may be called `compile`
            names = [name] if name in CALLS or (read and name in BUILTINS) else []
        elif isinstance(node, ast.Call) and dotted(node.func, known) in ARRAY_FILES:
            names = [] if refuses_objects(node, dotted(node.func, known)) else ["array file with objects"]
        found += [f"{node.lineno}: {name}" for name in names]
    return found


def refuses_objects(call: ast.Call, function: str) -> bool:
    """numpy.load refuses pickled objects unless told otherwise; numpy.save writes them unless told otherwise."""
    told = [word.value for word in call.keywords if word.arg == "allow_pickle"]
    if any(word.arg is None for word in call.keywords):
        return False
    if not told:
        return function == "numpy.load" and len(call.args) < 3
    return isinstance(told[0], ast.Constant) and told[0].value is False


def tracked() -> list[Path]:
    """Every file that git knows, or would add."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_no_source_can_turn_data_into_code():
    found = {str(file.relative_to(ROOT)): dangers(file.read_text(encoding="utf-8")) for file in SOURCES}

    assert len(SOURCES) > 100
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "import pickle as p",
        "from pickle import loads",
        "from joblib import load",
        "import numpy.random, shelve",
        "def f():\n    import marshal",
        "eval('1')",
        "run = exec",
        "import builtins\nbuiltins.eval('1')",
        "compile('1', '', 'eval')",
        "__import__('os')",
        "import yaml\nyaml.load('a')",
        "import yaml as y\ny.unsafe_load('a')",
        "from yaml import full_load as read\nread('a')",
        "import yaml\nclass Mine(yaml.UnsafeLoader): pass",
        "import numpy as np\nnp.load('a', allow_pickle=True)",
        "import numpy as np\nnp.load('a', None, True)",
        "from numpy import load\nload('a', **options)",
        "import numpy as np\nnp.load('a', allow_pickle=trusted)",
        "import numpy as np\nnp.save('a', array)",
    ],
)
def test_dangerous_source_is_seen(text):
    assert dangers(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "import re\nre.compile('a')",
        "model.eval()",
        "import yaml\nyaml.compose('a', Loader=yaml.SafeLoader)",
        "import numpy as np\nnp.load('a')",
        "import numpy as np\nnp.save('a', array, allow_pickle=False)",
        "import safetensors.numpy\nsafetensors.numpy.load(b'')",
        "from safetensors.numpy import load\nload(b'')",
    ],
)
def test_harmless_source_is_let_through(text):
    assert dangers(text) == []


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="this is no git checkout")
def test_no_file_names_a_place_of_the_machine_that_it_was_written_on():
    found = []
    for file in tracked():
        data = file.read_bytes()
        if b"\0" in data or HOSTILE in file.parents:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            found += [f"{file.relative_to(ROOT)}:{number}: {one.group()}" for one in PLACES.finditer(line)]

    assert found == []


@pytest.mark.parametrize("place", ["work", "root", "home", "tmp"])
def test_machine_places_are_seen(place):
    slash = "/"

    assert PLACES.search(f'open("{slash}{place}{slash}x.csv")')
    assert PLACES.search(f"cd {slash}{place}")
    assert not PLACES.search(f"https://example.org{slash}{place}{slash}")
    assert not PLACES.search(f"runs{slash}{place}")
    assert not PLACES.search(f"{slash}{place}er")

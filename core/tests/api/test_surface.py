from __future__ import annotations

import ast
import pathlib
import subprocess
import sys

import sci.api
from sci.api.kinds import KINDS
from sci.hookspecs import GROUPS


def test_every_exported_name_exists_and_is_documented():
    for name in sci.api.__all__:
        value = getattr(sci.api, name)
        plain_alias = name in ("Batch", "Column", "Kind", "Role", "API_VERSION", "hookimpl")
        assert plain_alias or value.__doc__, name


def test_the_type_checker_sees_the_names_that_are_exported():
    tree = ast.parse(pathlib.Path(sci.api.__file__).read_text())
    imported = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert imported == set(sci.api.__all__)


def test_every_hook_is_documented():
    hooks = [getattr(group, name) for group in GROUPS for name in vars(group) if name.startswith("sci_")]
    assert len(hooks) == len(KINDS) + 2 + 8 + 8
    assert all(
        (hook.__doc__ and hook.__doc__.strip().endswith((".", "`.", ".`"))) or "`sci" in hook.__doc__ for hook in hooks
    )


def test_importing_sci_and_its_api_imports_nothing_heavy():
    code = (
        "import sys, sci, sci.api; from sci.api import hookimpl, ComponentSpec; "
        "print([m for m in ('numpy', 'pyarrow', 'pydantic', 'typer', 'stevedore', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

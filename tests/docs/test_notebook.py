"""The tutorial notebook runs from top to bottom and shows what its text says."""

from __future__ import annotations

import ast
import pathlib

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

NOTEBOOK = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "notebook.ipynb"


class OwnKernel(AsyncKernelManager):
    """Starts this very interpreter, whatever kernels are registered on the machine."""

    def __init__(self, **settings):
        super().__init__(**settings, kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook after a run in an empty folder."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, kernel_manager_class=OwnKernel, timeout=240, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return notebook, folder


def output(notebook, snippet, kind="text/plain"):
    """What the one code cell with this snippet printed or returned."""
    [cell] = [cell for cell in notebook.cells if cell.cell_type == "code" and snippet in cell.source]
    parts = [part["text"] if part.output_type == "stream" else part["data"].get(kind, "") for part in cell.outputs]
    return "".join(parts)


def test_notebook_is_stored_without_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if "outputs" in cell)


def test_a_run_shows_itself_as_a_table_with_figures(executed):
    notebook, _ = executed

    shown = output(notebook, 'run = sci.run("experiment.yaml")\nrun', "text/html")

    assert "<th>majority</th>" in shown
    assert "<th>f1</th>" in shown
    assert "<svg" in shown
    assert "The model clears its best baseline" in shown


def test_metric_comes_with_its_interval(executed):
    notebook, _ = executed

    score = ast.literal_eval(output(notebook, 'run.metrics["test"]["f1"]'))

    low, high = score["interval"]
    assert 0.5 < low < score["value"] < high <= 1
    assert score["n"] == 200


def test_difference_from_the_baseline_excludes_zero(executed):
    notebook, _ = executed

    lines = output(notebook, 'run.metrics["differences"]').splitlines()

    assert [line.split()[0] for line in lines] == ["f1", "recall", "accuracy"]
    assert all("[+" in line for line in lines)


def test_predictions_are_counted(executed):
    notebook, _ = executed

    wrong = output(notebook, "got the wrong class")

    assert 0 < int(wrong.split()[0]) < 30
    assert "of 200 test messages" in wrong


def test_ten_words_are_worse_than_five_hundred(executed):
    notebook, _ = executed

    many, few = output(notebook, "validation F1").splitlines()

    assert float(many.split("F1")[1].split()[0]) > float(few.split("F1")[1].split()[0])


def test_second_look_at_the_test_rows_is_a_caution(executed):
    notebook, _ = executed

    assert "opened once before" in output(notebook, 'smaller.verdict["cautions"]')


def test_new_messages_are_told_apart(executed):
    notebook, _ = executed

    prize, lunch = ast.literal_eval(output(notebook, "answers.to_pylist()"))

    assert (prize["prediction.label"], lunch["prediction.label"]) == ("spam", "ham")
    assert sum(prize["prediction.probability"]) == pytest.approx(1)
    assert ast.literal_eval(output(notebook, "pipeline.info"))["classes"] == ["ham", "spam"]


def test_files_lie_where_the_notebook_was_opened(executed):
    _, folder = executed

    assert (folder / "experiment.yaml").is_file()
    assert len(list(folder.glob("runs/notebook/*/report.html"))) == 2

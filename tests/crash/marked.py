"""`sci`, and a file that says at every moment what its training is doing, for whoever is to kill it there.

    python tests/crash/marked.py MARKS run experiment.yaml ...

MARKS has 16 bytes: the phase (0 before training and between the others, 1 steps, 2 validation, 3 writing a checkpoint, 4
after training), and from byte 8 the number of the step. They outlive the process.
"""

from __future__ import annotations

import mmap
import pathlib
import sys
from collections.abc import Callable
from typing import Any


def main(marks: pathlib.Path, arguments: list[str]) -> int:
    from sci.cli.main import main as sci
    from sci.pipeline import training
    from sci.pipeline.loop import Loop
    from sci.runs import checkpoints

    with marks.open("r+b") as file:
        memory = mmap.mmap(file.fileno(), 16)

    def marked(phase: int, work: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*arguments: Any, **options: Any) -> Any:
            before, memory[0] = memory[0], phase
            try:
                return work(*arguments, **options)
            finally:
                memory[0] = before

        return inner

    def steps(loop: Loop, steps: list[Any]) -> None:
        memory[8:16] = steps[0].number.to_bytes(8, "little")
        stepping(loop, steps)

    def run(loop: Loop) -> Any:
        history = training_(loop)
        memory[0] = 4
        return history

    stepping, training_ = marked(1, Loop._run), Loop.run
    Loop._run, Loop.run = steps, run  # type: ignore[method-assign]
    training.validated = marked(2, training.validated)
    checkpoints.save = marked(3, checkpoints.save)
    return sci(arguments)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))

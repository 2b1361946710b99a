"""The program `sci`: finds the verb, runs it, and turns what it raises into a message and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Collection, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from sci import __version__
from sci.api.errors import ConfigError, Interrupted, SciError
from sci.cli.help import plain
from sci.cli.verbs import VERBS, page

UsageError: Any = typer.BadParameter.__base__


class Verbs(TyperGroup):
    """The verbs by name; the module of one is imported when it is asked for, and no other."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS:
            return None
        command = typer.main.get_command(importlib.import_module(f"sci.cli.{cmd_name}").app)
        command.name = cmd_name
        return plain(command)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise unknown("verb", args[0], VERBS, "sci")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """As Typer's, which would answer Ctrl-C with 130 and a closed pipe with 1 before `main` hears of them."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise _stopped() from error
        except BrokenPipeError as error:
            raise _ReaderLeftError from error

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page() + "\n")


class _ReaderLeftError(Exception):
    """The program that read standard output has seen enough (``sci ... | head``): that is no error."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        arguments: what follows ``sci``; by default that of this process.
    """
    code = _answer(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None:
        from sci.cli.ending import end_soon

        end_soon(code)
    return code


def _answer(given: list[str]) -> int:
    _never_stumble_over_closed_streams()
    _never_stumble_over_letters()
    debug = _take(given, "--debug")
    if _take(given, "--no-plugins"):
        os.environ["SCI_DISABLE_PLUGINS"] = "*"
    try:
        code = _run(given)
        if sys.stdout is not None:
            sys.stdout.flush()  # while its errors can still be answered
        return code
    except (_ReaderLeftError, BrokenPipeError):
        from sci.cli.failures import discard

        discard()
        return 0
    except KeyboardInterrupt:
        failure: Exception = _stopped()
    except Exception as error:
        failure = error
    from sci.cli.failures import fail

    return fail(failure, given, debug)


def unknown(noun: str, word: str, known: Collection[str], command: str) -> ConfigError:
    """The error about a word of the command line that means nothing."""
    from sci.plugins.nearest import closest, nearest

    guess = nearest(word, known)
    return ConfigError(
        f"no {noun} is called `{word}`" + (f"; did you mean `{guess}`?" if guess else ""),
        id=f"usage.{noun}",
        note=f"{noun}s: {', '.join(closest(word, known))}",
        hint=f"{command} {guess}" if guess else f"{command} --help",
    )


def _run(arguments: list[str]) -> int:
    """Run the verb. The group is made without Typer's decorators, which import pydantic for a single option."""
    if arguments[:1] in ([], ["--version"]):
        print(f"sci {__version__}" if arguments else page())
        return 0
    verbs = Verbs(name="sci", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
    try:
        code = verbs.main(arguments, prog_name="sci", standalone_mode=False)
    except UsageError as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            raise _usage(error) from error
        print(error.format_message())
        return 0
    except typer.Abort as error:
        raise _stopped() from error
    return code if isinstance(code, int) else 0


def _usage(error: Any) -> ConfigError:
    """What Typer says about the command line, as an error of ours."""
    command = error.ctx.command_path if error.ctx else "sci"
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        known = [name for one in error.ctx.command.params for name in one.opts if name[0] == "-"] if error.ctx else []
        everywhere = ["--help", "--debug", "--no-plugins", *(["--version"] if command == "sci" else [])]
        found = unknown("option", option, [*known, *everywhere], command)
        found.message = found.message.replace("no option is called", f"{command} has no option")
        return found
    text = " ".join(error.format_message().split()).rstrip(".")
    text = (text[:1].lower() + text[1:]).replace("'", "`")
    return ConfigError(text, id="usage.arguments", hint=f"{command} --help")


def _stopped() -> SciError:
    return Interrupted("stopped", id="interrupted")


def _take(arguments: list[str], flag: str) -> bool:
    """Remove a flag that stands anywhere before ``--``; say whether it was there."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    if flag not in arguments[:end]:
        return False
    arguments[:end] = [one for one in arguments[:end] if one != flag]
    return True


def _never_stumble_over_closed_streams() -> None:
    """Standard streams that were closed lead nowhere; else the next file that is opened would take their place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _never_stumble_over_letters() -> None:
    """A terminal that cannot show a letter shows its escape."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main())

"""Help as plain text, as every verb shows it."""

from __future__ import annotations

from typing import Any


def plain(command: Any) -> Any:
    """The command without Rich, which is slow to import and draws boxes into pipes; completion belongs to `sci` alone.

    A group shows the first sentence of each of its commands whole, where Typer would cut it.
    """
    command.rich_markup_mode = None
    command.params = [one for one in command.params if one.name not in ("install_completion", "show_completion")]
    command.short_help = (command.help or "").split("\n\n")[0]
    for inner in getattr(command, "commands", {}).values():
        plain(inner)
    return command

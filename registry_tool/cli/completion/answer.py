"""Answers a shell that asks what may come next: in bounded time, without a word on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from threading import Timer

import click

SHELLS = ("bash", "zsh", "fish")
LONGEST = 1.5
"""Seconds after which there is no answer: longer would feel like a shell that hangs."""
LIMIT_VARIABLE = "PUPPY_COMPLETION_SECONDS"
"""Another number of whole seconds, for slow disks."""
_QUIET: Mapping[str, str] = {
    "PUPPY_OFFLINE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def variable_of(program: str) -> str:
    """The variable by which a shell's script asks a program (click's protocol)."""
    return f"_{program.replace('-', '_')}_COMPLETE".upper()


def asked(program: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a shell asks, not a user."""
    return bool(environ.get(variable_of(program)))


def answer(cli: click.Command, program: str) -> int:
    """Print what the shell asked for: its script, or what may come next. Gives an exit code."""
    from click.shell_completion import shell_complete

    from registry_tool.cli.completion.bash import register

    register()
    environ: MutableMapping[str, str] = os.environ
    environ.update(_QUIET)
    end_after(longest(environ))
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - not a path of the user's
        sys.stderr = nowhere
        variable = variable_of(program)
        return shell_complete(cli, {}, program, variable, environ[variable])


def longest(environ: Mapping[str, str]) -> float:
    """The seconds that an answer may take: those of the variable, where it is a number of them."""
    text = environ.get(LIMIT_VARIABLE, "")
    return float(text) if text.isascii() and text.isdigit() else LONGEST


def end_after(seconds: float) -> None:
    """End the process, with nothing more said, when the time is over: whatever it waits for."""
    timer = Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def script(cli: click.Command, program: str, shell: str) -> str:
    """A shell's script, which asks the program of this name."""
    from click.shell_completion import get_completion_class

    from registry_tool.cli.completion.bash import register

    register()
    found = get_completion_class(shell)
    assert found is not None, shell  # noqa: S101 - one of SHELLS
    made = found(cli, {}, program, variable_of(program))
    return made.source_template % made.source_vars()

"""`run --step`: block after block on the terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.manifest.model import Edge

_LONGEST = 2_000


class TerminalSteps:
    """Shows on standard error what goes into each edge and what came out of it.

    On a terminal it waits before each edge: Enter goes on, `q` ends the run as Ctrl-C does. Where standard input
    is not a terminal, nobody can be asked, and all steps are shown one after the other.
    """

    def __init__(self) -> None:
        self._asks = sys.stdin.isatty() and sys.stderr.isatty()

    async def before(self, edge: Edge, values: Mapping[str, str]) -> None:
        """What goes in; then it waits."""
        click.echo(f"{edge.id} ({edge.type})", err=True)
        _show("in ", values)
        if self._asks:
            _wait()

    async def after(self, edge: Edge, values: Mapping[str, str]) -> None:
        """What came out."""
        _show("out", values)
        for target in edge.targets:
            if target not in values:
                click.echo(f"  out {target}: not taken", err=True)


def _show(way: str, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        cut = (
            value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value):,} characters)"
        )
        first, *others = inert(cut).split("\n")
        click.echo(f"  {way} {name}: {first}", err=True)
        for line in others:
            click.echo(f"      {line}", err=True)


def _wait() -> None:
    """Until Enter; `KeyboardInterrupt` for `q`, for Ctrl-C and for the end of the input.

    The run's own handler of Ctrl-C would only take notice once the line is read.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        click.echo("  Enter goes on, q ends: ", nl=False, err=True)
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, before)
    if not answer or answer.strip().lower() in {"q", "quit"}:
        raise KeyboardInterrupt

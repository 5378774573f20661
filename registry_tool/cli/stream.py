"""A model's answer on the screen, as it comes."""

from __future__ import annotations

import sys

import click

from registry_tool.report.text import inert


class Stream:
    """Shows pieces of answers on standard error: at once on a terminal, else in whole lines.

    Only a whole line can be made inert for an Action job's log.
    """

    def __init__(self) -> None:
        self._edge = ""
        self._line = ""
        self._terminal = sys.stderr.isatty()

    def end(self) -> None:
        """The last line, which has no end of its own."""
        if self._edge:
            self._say(f"{inert(self._line)}\n")
        self._edge = self._line = ""

    def __call__(self, edge: str, text: str) -> None:
        if edge != self._edge:
            self.end()
            self._edge, self._line = edge, f"{edge}: "
        self._line += text
        *lines, rest = self._line.split("\n")
        if self._terminal:
            self._say(inert("\n".join((*lines, rest))))
            self._line = ""
        elif lines:
            self._say("".join(f"{inert(line)}\n" for line in lines))
            self._line = rest

    def _say(self, text: str) -> None:
        click.echo(text, nl=False, err=True)

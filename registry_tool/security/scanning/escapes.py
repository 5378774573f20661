"""A text in which all is undone that spells characters by their numbers, in any script, and where each stood."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.security.layers import Span

_MARKS: Final = ("%", "&", "\\", "=")
_LEAST: Final = 2  # letters of a phrase that are escaped: one may be an apostrophe
_PERCENT = r"%[0-9A-Fa-f]{2}"
_ENTITY = r"&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos);"
_UNIT = r"\\(?:\\{0,3}u[0-9A-Fa-f]{4})"
_BRACED = r"\\(?:u\{[0-9A-Fa-f]{1,6}\})"
_BYTE = r"\\(?:x[0-9A-Fa-f]{2})"
_OCTAL = r"\\(?:[0-3][0-7]{2})"
_PRINTABLE = r"=(?:[0-9A-F]{2}|\r?\n)"  # https://www.rfc-editor.org/rfc/rfc2045#section-6.7
_FORMS = (_PERCENT, _ENTITY, _UNIT, _BRACED, _BYTE, _OCTAL, _PRINTABLE)
_RUN = compiled_once("|".join(f"{form}(?:{form})*+" for form in _FORMS))
"""Each form begins with one character: that is what the engine looks for."""
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{2}")
_CODE_UNIT = re.compile(r"u([0-9A-Fa-f]{4})")
_CODE_POINT = re.compile(r"\{([0-9A-Fa-f]+)\}")
_OCTAL_BYTE = re.compile(r"[0-3][0-7]{2}")


class Unescaped:
    """The text without its escapes."""

    def __init__(self, text: str) -> None:
        self._outer = text
        self._runs = [] if not any(m in text for m in _MARKS) else list(_RUN().finditer(text))
        self._said = [_said(run) for run in self._runs]

    def __bool__(self) -> bool:
        """Whether it had any."""
        return bool(self._runs)

    def pieces(self) -> Iterator[tuple[int, str]]:
        """What each run of escapes says, and where it stands."""
        for run, said in zip(self._runs, self._said, strict=True):
            yield run.start(), said

    @cached_property
    def text(self) -> str:
        """What it says."""
        parts, at = [], 0
        for run, said in zip(self._runs, self._said, strict=True):
            parts += [self._outer[at : run.start()], said]
            at = run.end()
        return "".join((*parts, self._outer[at:]))

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        """Where each escaped run begins and ends in `text`."""
        starts, ends, shift = [], [], 0
        for run, said in zip(self._runs, self._said, strict=True):
            starts.append(run.start() + shift)
            ends.append(starts[-1] + len(said))
            shift = ends[-1] - run.end()
        return starts, ends

    def origin(self, span: Span) -> int | None:
        """Where the escapes of a span of `text` begin in the outer text; None where it has none to speak of."""
        starts, ends = self._starts
        first, last = bisect_right(ends, span[0]), bisect_right(starts, span[1] - 1)
        hidden = sum(min(ends[n], span[1]) - max(starts[n], span[0]) for n in range(first, last))
        return self._runs[first].start() if hidden >= _LEAST else None


def _said(run: re.Match[str]) -> str:
    text = run[0]
    kind = text.lstrip("\\")[:2]
    if text.startswith("&"):
        return html.unescape(text)
    if kind == "u{":
        return "".join(_character(int(code, 16)) for code in _CODE_POINT.findall(text))
    if kind.startswith("u"):
        units = bytes.fromhex("".join(_CODE_UNIT.findall(text)))
        return units.decode("utf-16-be", "replace")
    if text.startswith("\\") and kind[0].isdigit():
        return bytes(int(o, 8) for o in _OCTAL_BYTE.findall(text)).decode("utf-8", "replace")
    return bytes.fromhex("".join(_HEXADECIMAL.findall(text))).decode("utf-8", "replace")


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"

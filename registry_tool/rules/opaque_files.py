"""What no diff shows waits for a human: documents, sounds, unknown bytes, other encodings, odd pictures."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import text_of
from registry_tool.security.scanning.documents import active_parts, document_kind
from registry_tool.security.scanning.pictures import read_picture
from registry_tool.security.scanning.programs import program_kind
from registry_tool.store.paths import RESOURCES

_LOOK = "put its text here as UTF-8, or let a maintainer open it"
_LIVE = re.compile(
    rb"<script|<foreignObject|<iframe|<embed|javascript:|\son[a-z]{3,20}\s*=", re.IGNORECASE
)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_BAD = 0.25
_PADDING = b"\0\r\n\t "


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if not file.content or program_kind(file.content):
            continue  # another rule tells
        if found := opaque_reason(path, file.content):
            words, help_ = found
            yield Problem((), words, help_, _severity(subject, path), path=path, location=(0, 0))
        elif not _is_text(file.content) and not read_picture(file.content):
            words = "the file is not UTF-8: readers may take it for different texts"
            help_, weight = "save it as UTF-8", Severity.WARNING
            yield Problem((), words, help_, weight, path=path, location=(0, 0))


def _severity(subject: Subject, path: str) -> Severity:
    """What the version below this one holds already, somebody has looked at."""
    around = subject.context
    seen = around.previous is not None and not around.resources_changed
    if path.startswith(f"{RESOURCES}/") and seen:
        return Severity.WARNING
    return subject.severity_of_policy


def opaque_reason(path: str, content: bytes) -> tuple[str, str] | None:
    """Why a file can't be read by rules, and what to do; None where it can."""
    if picture := read_picture(content):
        return _odd_picture(content, picture.kind, picture.end)
    if kind := document_kind(content):
        parts = active_parts(content)
        held = f" that holds {' and '.join(parts)}" if parts else ""
        return f"the file is {kind}{held}: a diff shows nothing of what it says", _LOOK
    if _is_text(content):
        return _live_drawing(path, content)
    if b"\0" in content or content.startswith(_WIDE) or not _is_mostly_utf8(text_of(path, content)):
        return "the file is of a kind of which a diff shows nothing", _LOOK
    return None


def _is_mostly_utf8(text: str | None) -> bool:
    """Whether most of a text is what its bytes say in UTF-8: of a Western one in Latin-1 it is."""
    return text is not None and text.count("\ufffd") <= len(text) * _MOST_BAD


def _odd_picture(content: bytes, kind: str, end: int) -> tuple[str, str] | None:
    if not end:
        return f"the {kind} picture is broken: what of it is shown differs", "save it again"
    behind = len(content[end:].strip(_PADDING))
    if behind:
        return f"{behind} bytes stand behind the end of the {kind} picture", "save it again"
    return None


def _live_drawing(path: str, content: bytes) -> tuple[str, str] | None:
    if path.lower().endswith(".svg") and (found := _LIVE.search(content)):
        what = found[0].decode().strip(" =<").lower()
        return f"the drawing runs code ({what})", "save it as a plain drawing"
    return None


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


RULE = Rule("opaque-files", "What no diff shows waits for a human.", _check)

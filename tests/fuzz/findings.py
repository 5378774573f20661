"""Findings of a campaign: told apart, made small, and written so that they can be kept as fixtures."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz import readable
from tests.fuzz.target import FindingError, Target, judge

KEPT: Final = Path(__file__).parent / "findings"
"""A folder a target, a file a finding: inputs that `make test` replays."""

_TRIES = 300
_DETAIL = re.compile(r"[0-9]+|b?'[^']*'|b?\"[^\"]*\"|\[.*|(?<=: ).*")


def broken(target: Target, data: bytes) -> str:
    """What an input breaks; empty where the target's property holds."""
    try:
        judge(target, data)
    except FindingError as error:
        return str(error)
    return ""


def sort_of(message: str) -> str:
    """What two inputs that break the same have in common."""
    return _DETAIL.sub("", message.splitlines()[0])[:80]


def smaller(target: Target, data: bytes) -> bytes:
    """The input with everything left out that it breaks the property without, in a few hundred tries."""
    wanted, tries, size = sort_of(broken(target, data)), 0, max(len(data) // 2, 1)
    while size and tries < _TRIES:
        at = 0
        while at < len(data) and tries < _TRIES:
            shorter, tries = data[:at] + data[at + size :], tries + 1
            if (said := broken(target, shorter)) and sort_of(said) == wanted:
                data = shorter
            else:
                at += size
        size //= 2
    return data


@dataclass(slots=True)
class Findings:
    """Those of one campaign of one target, each sort once, in a folder."""

    target: Target
    folder: Path
    sorts: set[str] = field(default_factory=set)

    def note(self, data: bytes, message: str) -> None:
        """Keep an input that breaks the property twice in a row, made small; another of the same sort is left."""
        if sort_of(message) in self.sorts or not (again := broken(self.target, data)):
            return
        self.sorts |= {sort_of(message), sort_of(again)}
        text = readable.written(smaller(self.target, data) if "takes" not in again else data)
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")


def described(target: Target, path: Path) -> str:
    """A finding for a person: what is broken, the input, and how to repeat and keep it."""
    text = path.read_text(encoding="utf-8")
    said = broken(target, readable.read(text)) or "no longer broken, or only beside the campaign"
    shown = text if len(text) <= 4_000 else f"{text[:4_000]}… ({len(text)} characters)"
    kept = f"tests/fuzz/findings/{target.name}"
    lines = "\n".join(f"    {line}" for line in shown.split("\n"))
    return (
        f"FINDING in {target.name} ({target.reads}): {said}\n"
        f"  the input (\\xNN: a byte; \\\\: a backslash):\n{lines}\n"
        f"  again: scripts/fuzz --replay {path}\n"
        f"  mend the cause, and keep the input for `make test`:\n"
        f"    mkdir -p {kept} && cp {path} {kept}/WHAT-IT-IS.txt"
    )

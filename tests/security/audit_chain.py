"""An audit chain of five entries, and what is wrong with one."""

from __future__ import annotations

from registry_tool.core.hash_chain import link_path
from registry_tool.core.values import Object
from registry_tool.security.audit import Note, chain_problems, entry_bytes
from registry_tool.security.keys import parse_ring, spelled

RING = parse_ring(spelled([(2, bytes(range(100, 132))), (1, bytes(range(32)))]), "production")
Files = list[tuple[str, bytes]]


def note(number: int, action: str = "deploy", **detail: str) -> Note:
    fields: Object = {"deployment": f"dep-{number}", "workflow": "greeter", **detail}
    return Note("production", "a" * 32, action, f"2026-03-01T12:00:{number:02}.000Z", fields)


def chain(length: int = 5) -> Files:
    files: Files = []
    for number in range(1, length + 1):
        last = files[-1][1] if files else b""
        data = entry_bytes(note(number), number, last, RING)
        files.append((link_path("production", number), data))
    return files


CHAIN = chain()


def problems(files: Files) -> list[str]:
    return [item.reason for item in chain_problems(files, "production", RING.public)]

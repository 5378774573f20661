"""Ledgers of a few numbers, written and read back."""

from __future__ import annotations

from pathlib import Path

from registry_tool.engine.batch.ledger import Ledger


def key(number: int) -> str:
    return f"{number:064x}"


def filled(folder: Path, *numbers: int, status: str = "success") -> Path:
    ledger = Ledger(folder)
    for number in numbers:
        ledger.append(key(number), {"status": status, "outputs": {"n": number}})
    ledger.close()
    return folder


def held(folder: Path) -> dict[str, bool]:
    return {location.key: location.failed for location in Ledger(folder).locations()}

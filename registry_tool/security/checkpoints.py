"""Checkpoints of an environment's audit log and run records: how many there are and the hash that they end with.

A chain shows what was changed, taken out or moved; only a checkpoint that was kept elsewhere shows what was cut
off at its end. Checkpoints from before they covered run records (`v1`) still count for the audit log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.hash_chain import Broken
from registry_tool.core.values import Object, Value
from registry_tool.security.audit import digest, entry_path
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import sign, verify

WITHOUT_RUNS: Final = "puppyai.com/audit-checkpoint/v1"
CHECKPOINT_FORMAT: Final = "puppyai.com/audit-checkpoint/v2"
_TYPES: Final[Mapping[str, type]] = {
    "format": str, "environment": str, "count": int, "head": str, "time": str, "signature": str,
}  # fmt: skip
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """How many files a chain has, and the SHA-256 (hexadecimal) of the last one; empty for none."""

    count: int
    head: str

    @classmethod
    def of(cls, files: Sequence[tuple[str, bytes]]) -> ChainEnd:
        """That of (path, bytes) in order."""
        return cls(len(files), digest(files[-1][1]) if files else "")


def checkpoint(
    files: Sequence[tuple[str, bytes]],
    environment: str,
    time: str,
    ring: KeyRing,
    runs: Mapping[str, ChainEnd] | None = None,
) -> Object:
    """Count and hash of all entries until now, and of the run records by month, signed.

    Keep it where the log's writers can't reach it.
    """
    end = ChainEnd.of(files)
    months: Object = {
        month: {"count": run.count, "head": run.head} for month, run in sorted((runs or {}).items())
    }
    value: Object = {
        "format": CHECKPOINT_FORMAT,
        "environment": environment,
        "count": end.count,
        "head": end.head,
        "runs": months,
        "time": time,
    }
    return {**value, "signature": sign(value, ring)}


def read_checkpoint(data: bytes, place: str) -> Object:
    """A checkpoint's members, by type; `RegistryError` where it is none."""
    value = parse_json(data, place=place)
    if not isinstance(value, dict) or not _is_checkpoint(value):
        raise RegistryError(
            "this is no checkpoint of the audit log",
            place=place,
            way_out="make one with `registry-tool audit checkpoint --env E`",
        )
    return value


def _is_checkpoint(value: Object) -> bool:
    if value.get("format") not in {WITHOUT_RUNS, CHECKPOINT_FORMAT}:
        return False
    runs = {"runs"} if value["format"] == CHECKPOINT_FORMAT else set()
    return (
        value.keys() == _TYPES.keys() | runs
        and all(type(value[key]) is kind for key, kind in _TYPES.items())
        and cast(int, value["count"]) >= 0
        and _are_months(value.get("runs", {}))
    )


def _are_months(runs: Value) -> bool:
    return isinstance(runs, dict) and all(
        _MONTH.fullmatch(month)
        and isinstance(end, dict)
        and end.keys() == {"count", "head"}
        and type(end["count"]) is int
        and end["count"] > 0
        and isinstance(end["head"], str)
        for month, end in runs.items()
    )


def covered_runs(kept: Object) -> Mapping[str, ChainEnd] | None:
    """What a checkpoint says of run records, by month; None where it is from before checkpoints covered them."""
    if "runs" not in kept:
        return None
    months = cast("Mapping[str, Mapping[str, Value]]", kept["runs"])
    return {
        month: ChainEnd(cast(int, end["count"]), str(end["head"])) for month, end in months.items()
    }


def checkpoint_problems(
    kept: Object, files: Sequence[tuple[str, bytes]], keys: Iterable[PublicKey]
) -> Iterator[Broken]:
    """What of the audit log was cut off or replaced since a checkpoint; whether it is genuine at all."""
    environment = str(kept["environment"])
    if not verify(kept, str(kept["signature"]), keys):
        yield Broken(environment, "the checkpoint's signature is no known key's")
    expected = ChainEnd(cast(int, kept["count"]), str(kept["head"]))
    if len(files) < expected.count:
        reason = f"{len(files)} entries are left of the {expected.count} that the checkpoint counts"
        yield Broken(environment, reason)
    elif ChainEnd.of(files[: expected.count]) != expected:
        yield Broken(
            entry_path(environment, expected.count),
            "the entries up to it aren't those that the checkpoint was made of",
        )


def run_problems(
    expected: ChainEnd, files: Sequence[tuple[str, bytes]], environment: str, month: str
) -> Iterator[Broken]:
    """What of a month's run records was cut off or replaced since a checkpoint that counted `expected`."""
    branch = f"runs-{month}"
    if len(files) < expected.count:
        reason = f"only {len(files)} of the {expected.count} run records that the checkpoint counts are left"
        yield Broken(f"{branch}:{environment}", reason)
    elif ChainEnd.of(files[: expected.count]) != expected:
        yield Broken(
            f"{branch}:{files[expected.count - 1][0]}",
            "the run records up to it aren't those that the checkpoint was made of",
        )

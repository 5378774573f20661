"""Checkpoints of an environment's audit log and run records: how many there are and the hash that they end with.

A chain shows what was changed, taken out or moved; only a checkpoint that was kept elsewhere shows what was cut
off at its end. Checkpoints from before they covered run records (`v1`) still count for the audit log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Final

import msgspec

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.files import parse_json
from registry_tool.core.hash_chain import ChainProblem, hash_of, link_path
from registry_tool.core.values import Object
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import signed, verify

WITHOUT_RUNS: Final = "puppyai.com/audit-checkpoint/v1"
CHECKPOINT_FORMAT: Final = "puppyai.com/audit-checkpoint/v2"
Month = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(?:0[1-9]|1[0-2])$")]


class ChainEnd(Stored, frozen=True):
    """How many files a chain has, and the SHA-256 (hexadecimal) of the last one; empty for none."""

    count: Annotated[int, msgspec.Meta(ge=0)]
    head: str

    @classmethod
    def of(cls, files: Sequence[tuple[str, bytes]]) -> ChainEnd:
        """That of (path, bytes) in order."""
        return cls(len(files), hash_of(files[-1][1]) if files else "")


class OldCheckpoint(Stored, frozen=True, kw_only=True):
    """A checkpoint from before they covered run records."""

    environment: str
    count: Annotated[int, msgspec.Meta(ge=0)]
    head: str
    time: str
    signature: str

    @property
    def end(self) -> ChainEnd:
        """That of the audit log."""
        return ChainEnd(self.count, self.head)


class Checkpoint(OldCheckpoint, frozen=True, kw_only=True):
    """The ends of an environment's audit log and, by month, of its run records; `time` is RFC 3339."""

    runs: dict[Month, ChainEnd]

    def __post_init__(self) -> None:
        if not all(end.count for end in self.runs.values()):
            raise ValueError("runs: a month has no records")


_NAME, _HINT = (
    "checkpoint of the audit log",
    "make one with `registry-tool audit checkpoint --env E`",
)
OLD_FILE = FileFormat[OldCheckpoint](OldCheckpoint, _NAME, WITHOUT_RUNS, _HINT)
FILE = FileFormat[Checkpoint](Checkpoint, _NAME, CHECKPOINT_FORMAT, _HINT)


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
    made = Checkpoint(
        environment=environment,
        count=end.count,
        head=end.head,
        runs=dict(runs or {}),
        time=time,
        signature="",
    )
    return FILE.value(signed(FILE, made, ring))


def read_checkpoint(data: bytes, location: str) -> OldCheckpoint:
    """A checkpoint, a `Checkpoint` where it covers run records; `RegistryError` where it is malformed."""
    value = parse_json(data, location=location)
    if isinstance(value, dict) and value.get("format") == WITHOUT_RUNS:
        return OLD_FILE.of(value, location)
    return FILE.of(value, location)


def checkpoint_value(kept: OldCheckpoint) -> Object:
    """A checkpoint as it is stored and signed."""
    return FILE.value(kept) if isinstance(kept, Checkpoint) else OLD_FILE.value(kept)


def covered_runs(kept: OldCheckpoint) -> Mapping[str, ChainEnd] | None:
    """What a checkpoint says of run records, by month; None where it is from before checkpoints covered them."""
    return kept.runs if isinstance(kept, Checkpoint) else None


def checkpoint_problems(
    kept: OldCheckpoint, files: Sequence[tuple[str, bytes]], keys: Iterable[PublicKey]
) -> Iterator[ChainProblem]:
    """What of the audit log was cut off or replaced since a checkpoint; whether it is genuine at all."""
    environment, expected = kept.environment, kept.end
    if not verify(checkpoint_value(kept), kept.signature, keys):
        yield ChainProblem(environment, "no known key made the checkpoint's signature")
    if len(files) < expected.count:
        reason = f"{len(files)} entries are left of the {expected.count} that the checkpoint counts"
        yield ChainProblem(environment, reason)
    elif ChainEnd.of(files[: expected.count]) != expected:
        yield ChainProblem(
            link_path(environment, expected.count),
            "the entries up to it aren't those that the checkpoint was made of",
        )


def run_problems(
    expected: ChainEnd, files: Sequence[tuple[str, bytes]], environment: str, month: str
) -> Iterator[ChainProblem]:
    """What of a month's run records was cut off or replaced since a checkpoint that counted `expected`."""
    branch = f"runs-{month}"
    if len(files) < expected.count:
        reason = f"only {len(files)} of the {expected.count} run records that the checkpoint counts are left"
        yield ChainProblem(f"{branch}:{environment}", reason)
    elif ChainEnd.of(files[: expected.count]) != expected:
        yield ChainProblem(
            f"{branch}:{files[expected.count - 1][0]}",
            "the run records up to it aren't those that the checkpoint was made of",
        )

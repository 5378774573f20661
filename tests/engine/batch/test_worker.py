"""A worker's side: the job as it was told, answers for every item, and what it says where it can't begin."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.items import Item
from registry_tool.engine.batch.worker import job_message, read_job, refusal, serve


@given(st.dictionaries(st.text(max_size=3), st.integers()), st.integers(1, 9), st.integers(1, 50))
def test_a_job_is_read_as_it_was_reported_in_whatever_pieces(
    job: dict[str, int], share: int, piece: int
) -> None:
    rest = b"items follow"
    stream = io.BytesIO(job_message(job, share) + rest)
    assert read_job(lambda size: stream.read(min(size, piece))) == (job, share)
    assert stream.read() == rest


def test_a_parent_that_is_gone_is_no_job() -> None:
    result = job_message({"a": 1}, 2)
    for cut in (0, 3, len(result) - 1):
        stream = io.BytesIO(result[:cut])
        with pytest.raises(EOFError):
            read_job(stream.read)


def served(lines: bytes, share: int, piece: int) -> list[tuple[int, Object]]:
    """What is answered to lines that come in pieces, each once something can run."""
    said: list[bytes] = []
    pieces: Iterator[bytes] = (lines[at : at + piece] for at in range(0, len(lines), piece))
    wanted = lines.count(b"\n")
    active = most = 0

    async def run(item: Item) -> Object:
        nonlocal active, most
        active += 1
        most = max(most, active)
        await asyncio.sleep(0)
        active -= 1
        return {"key": item.key, **item.inputs}

    async def read() -> bytes:
        await asyncio.sleep(0)
        if piece := next(pieces, b""):
            return piece
        while b"".join(said).count(b"\n") < wanted:  # a parent ends the input when all is done
            await asyncio.sleep(0)
        return b""

    asyncio.run(serve(run, share, read, said.append))
    assert most <= share
    return [tuple(json.loads(line)) for line in b"".join(said).splitlines()]


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.parametrize("share", [1, 3])
def test_every_item_is_answered_by_its_line(piece: int, share: int) -> None:
    lines = b"".join(json.dumps([n, f"k{n}", {"n": n}]).encode() + b"\n" for n in range(6))
    found = served(lines, share, piece)
    assert sorted(found) == [(n, {"key": f"k{n}", "n": n}) for n in range(6)]


def test_a_worker_that_can_t_begin_says_so_on_a_line() -> None:
    line = refusal(RegistryError("no model", location="here"))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    number, document = json.loads(line)
    assert number < 0
    assert "no model" in document["error"]

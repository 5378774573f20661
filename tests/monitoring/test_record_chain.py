from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.files import canonical_json
from registry_tool.core.hash_chain import hash_of, link_path
from registry_tool.core.values import Object
from registry_tool.monitoring.record_chain import check_link, read_chain
from registry_tool.monitoring.records import (
    STARTED,
    BrokenRecordError,
    RunRecord,
    finished,
    sealed,
)

Files = list[tuple[str, bytes]]


def sign(value: Object) -> str:
    bare = {key: item for key, item in value.items() if key != "signature"}
    return hashlib.sha256(b"the key" + canonical_json(bare)).hexdigest()


def check(value: Object, signature: str) -> bool:
    return signature == sign(value)


def started(name: str, actor: str = "ada") -> RunRecord:
    return RunRecord(
        kind=STARTED,
        execution_id=name,
        workflow="hello",
        version="1.0.0",
        environment="production",
        deployment="dep-1",
        actor=actor,
        time="2026-11-25T12:00:00.000Z",
    )


def chain(count: int) -> Files:
    """`count` runs, each with its end, the ends some starts later."""
    starts = [started(f"exec-{number}") for number in range(count)]
    drafts = [*starts[:1]]
    for before, start in itertools.pairwise(starts):
        drafts += [start, replace(finished(before, start.time), status="success")]
    return written(drafts)


def written(drafts: list[RunRecord]) -> Files:
    files: Files = []
    for number, draft in enumerate(drafts, 1):
        previous = hash_of(files[-1][1]) if files else ""
        record, data = sealed(draft, number, previous, sign)
        files.append((link_path("production", record.number), data))
    return files


def read(files: Files, *, every: bool = False) -> list[RunRecord]:
    return read_chain(files, "production", "2026-11", check, every=every)


@settings(deadline=None)
@given(st.integers(1, 8))
def test_a_whole_chain_is_read_as_it_is(count: int) -> None:
    files = chain(count)
    assert [record.number for record in read(files)] == list(range(1, len(files) + 1))
    assert read(files, every=True) == read(files)


@settings(deadline=None)
@given(st.data())
def test_any_single_change_is_found(data: st.DataObject) -> None:
    files = chain(data.draw(st.integers(2, 6)))
    at = data.draw(st.integers(0, len(files) - 1))
    value = json.loads(files[at][1])
    key = data.draw(st.sampled_from(sorted(set(value) - {"format"})))
    value[key] = _other(value[key])
    files[at] = (files[at][0], json.dumps(value).encode())
    with pytest.raises(BrokenRecordError, match=r"runs-2026-11|record"):
        read(files)


def _other(value: object) -> object:
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, dict):
        return {**value, "calls": 99}
    return 99 if value is None else value + 1  # type: ignore[operator]


@settings(deadline=None)
@given(st.data())
def test_a_missing_record_is_found_and_named(data: st.DataObject) -> None:
    files = chain(data.draw(st.integers(2, 6)))
    at = data.draw(st.integers(0, len(files) - 2))  # the last one: see docs/runs.md
    del files[at]
    with pytest.raises(BrokenRecordError, match=f"the record {at + 1} is missing"):
        read(files)


@settings(deadline=None)
@given(st.data())
def test_a_changed_order_is_found(data: st.DataObject) -> None:
    files = chain(data.draw(st.integers(3, 6)))
    one = data.draw(st.integers(0, len(files) - 2))
    other = data.draw(st.integers(one + 1, len(files) - 1))
    contents = [content for _, content in files]
    contents[one], contents[other] = contents[other], contents[one]
    with pytest.raises(BrokenRecordError):
        read([(path, content) for (path, _), content in zip(files, contents, strict=True)])


def test_a_record_added_by_somebody_without_the_key_is_found() -> None:
    files = chain(3)
    forged, data = sealed(
        started("exec-forged"), len(files) + 1, hash_of(files[-1][1]), lambda _: "made up"
    )
    files.append((link_path("production", forged.number), data))
    with pytest.raises(BrokenRecordError, match="signature is not that of the environment's key"):
        read(files)
    assert read_chain(files, "production", "2026-11", None)[-1].execution_id == "exec-forged"


def test_the_last_signature_vouches_for_all_before_it() -> None:
    """One in the middle that nobody's key made can't be there: who wrote the next one had looked."""
    drafts = [started("exec-1"), started("exec-2"), started("exec-3")]
    files = written(drafts[:1])
    _, data = sealed(drafts[1], 2, hash_of(files[0][1]), lambda _: "made up")
    files.append((link_path("production", 2), data))
    _, data = sealed(drafts[2], 3, hash_of(data), sign)
    files.append((link_path("production", 3), data))
    assert len(read(files)) == 3
    with pytest.raises(BrokenRecordError, match="signature"):
        read(files, every=True)


@pytest.mark.parametrize(
    ("drafts", "reason"),
    [
        ([started("exec-1"), started("exec-1")], "was started before"),
        ([finished(started("exec-1"), "2026-11-25T12:00:00.000Z")], "that nobody started"),
        (
            [started("exec-1"), finished(started("exec-1", "eve"), "2026-11-25T12:00:00.000Z")],
            "that nobody started",
        ),
        ([replace(started("exec-1"), time="2026-10-31T23:59:59.999Z")], "another month"),
        ([replace(started("exec-1"), runs=0)], "was started before"),
        ([replace(started("exec-1"), environment="staging")], "another environment's"),
    ],
)
def test_a_story_that_cannot_be_is_refused(drafts: list[RunRecord], reason: str) -> None:
    with pytest.raises(BrokenRecordError, match=reason):
        read(written(drafts))


def test_a_run_may_end_in_the_next_month() -> None:
    start = replace(started("exec-1"), time="2026-11-30T23:59:59.000Z")
    end = replace(finished(start, "2026-12-01T00:01:00.000Z"), status="success")
    assert len(read(written([start, end]))) == 2


def test_what_is_no_record_file_is_refused() -> None:
    with pytest.raises(BrokenRecordError, match="the record 2 is missing"):
        read([*chain(1), ("production/notes.txt", b"")])


def test_a_month_hangs_on_the_one_before() -> None:
    first = replace(started("exec-1"), number=1, previous="aa")
    check_link(first, {"aa", "bb"}, "2026-11")
    check_link(replace(first, previous=""), {"bb"}, "2026-11")
    with pytest.raises(BrokenRecordError, match="does not follow the month before"):
        check_link(first, {"bb"}, "2026-11")

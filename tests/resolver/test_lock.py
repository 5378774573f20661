"""`workflow.lock`: what is written is read, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock, LockedVersion, lock_of, read_lock
from registry_tool.resolver.solve import Resolution

LOCKS = st.dictionaries(
    st.sampled_from(["a", "b", "c-d"]),
    st.builds(
        LockedVersion, st.text("01.", max_size=5), st.text(max_size=5), st.sampled_from(["public"])
    ),
).map(Lock)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"format": "x", "workflows": {}}', "{", '{"a":1,"a":2}']
)
def test_another_file_is_no_lock(text: str) -> None:
    with pytest.raises(RegistryError):
        read_lock(text.encode(), "workflow.lock")


def test_an_empty_lock_has_a_digest() -> None:
    assert Lock().digest.startswith("sha256:")


@given(LOCKS)
def test_what_is_written_is_read(lock: Lock) -> None:
    data = lock.to_bytes()
    assert read_lock(data, "workflow.lock") == lock
    other_way_round = Lock(dict(reversed(list(lock.workflows.items()))))
    assert (other_way_round.to_bytes(), other_way_round.digest) == (data, lock.digest)


@given(LOCKS, LOCKS)
def test_other_choices_have_another_digest(one: Lock, other: Lock) -> None:
    assert (one.digest == other.digest) is (one == other)


def test_a_resolutions_versions_digests_and_registries_are_locked() -> None:
    lock = lock_of(Resolution({"a": Candidate("a", "1.2.0", "sha256:x", registry="own")}))
    assert lock.workflows == {"a": LockedVersion("1.2.0", "sha256:x", "own")}
    assert lock.versions == {"a": "1.2.0"}


ENTRY = {"version": "1.0.0", "digest": "sha256:x", "registry": "public"}


@pytest.mark.parametrize(
    "entry",
    [{**ENTRY, "more": "x"}, {**ENTRY, "version": 1}, {"version": "1.0.0"}, None, "1.0.0", []],
)
def test_an_entry_of_another_form_is_refused_with_a_way_out(entry: Any) -> None:
    data = json.dumps({"format": "puppyai.com/lock/v1", "workflows": {"a": entry}}).encode()
    with pytest.raises(RegistryError, match="not a valid lock") as caught:
        read_lock(data, "project/workflow.lock")
    assert caught.value.location == "project/workflow.lock"
    assert "install again" in caught.value.hint


@pytest.mark.parametrize("value", [None, [], "x", 5])
def test_workflows_that_are_no_object_are_refused(value: Any) -> None:
    with pytest.raises(RegistryError, match="not a valid lock"):
        read_lock(
            json.dumps({"format": "puppyai.com/lock/v1", "workflows": value}).encode(),
            "workflow.lock",
        )

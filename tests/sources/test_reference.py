"""References: how they are spelled, which version they mean, and which files belong to what a path leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Level, Notice
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock, LockedVersion
from registry_tool.sources.reference import (
    Reference,
    choose,
    own_files,
    parse_reference,
    warnings_about,
)

NAMES = st.sampled_from(["a", "greet", "two-words", "x9"])
VERSIONS = st.builds("{}.{}.{}".format, *[st.integers(0, 99)] * 3)


@given(NAMES, VERSIONS, st.sampled_from(["", ":", "@", "@^", "@~"]))
def test_a_reference_is_spelled_as_it_was_read(name: str, version: str, sign: str) -> None:
    text = f"{name}{sign}{version}" if sign else name
    found = parse_reference(text)
    assert str(found) == text
    assert (found.name, found.version) == (name, version if sign == ":" else "")


@pytest.mark.parametrize(
    "text", ["", "A", "a b", "a:", "a:1", "a:^1", "a@x.y", "../a", "a:1.0.0@^1", "a@^1:1.0.0"]
)
def test_what_is_no_reference_is_reported(text: str) -> None:
    with pytest.raises(UsageError, match="is not a reference") as error:
        parse_reference(text)
    assert "name:1.2.0" in error.value.hint


class Listed:
    """A registry of the versions that it was told; a `!` yanks one."""

    location = "there"

    def __init__(self, *numbers: str) -> None:
        self._numbers = numbers

    def names(self) -> Sequence[str]:
        """One."""
        return ["greet"]

    def some_names(self) -> Sequence[str]:
        """All."""
        return self.names()

    def versions(self, name: str) -> Sequence[Candidate]:
        """Those of `greet`."""
        numbers = self._numbers if name == "greet" else ()
        return [Candidate(name, n.rstrip("!"), yanked=n.endswith("!")) for n in numbers]

    def with_digest(self, candidate: Candidate) -> Candidate:
        """As it is."""
        return candidate

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """Nothing."""
        return ()

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """None."""
        return {}

    def summaries(self) -> list[Any]:
        """None."""
        return []


@pytest.mark.parametrize(
    ("reference", "numbers", "chosen"),
    [
        ("greet", ("1.0.0", "1.1.0", "2.0.0-rc.1"), "1.1.0"),
        ("greet", ("1.0.0", "1.1.0!"), "1.0.0"),
        ("greet", ("1.0.0!", "1.1.0!"), "1.1.0"),
        ("greet:1.1.0", ("1.0.0", "1.1.0!"), "1.1.0"),
        ("greet@^1", ("1.0.0", "1.1.0!", "2.0.0"), "1.0.0"),
    ],
)
def test_a_reference_means_the_newest_that_may_be_chosen(
    reference: str, numbers: tuple[str, ...], chosen: str
) -> None:
    assert choose(parse_reference(reference), Listed(*numbers)).version == chosen


def test_a_yanked_version_stays_where_it_is_locked() -> None:
    lock = Lock({"greet": LockedVersion("1.1.0", "sha256:x", "public")})
    there = Listed("1.0.0", "1.1.0!")
    assert choose(Reference("greet", range="^1.1"), there, lock).version == "1.1.0"
    with pytest.raises(NotFoundError):
        choose(Reference("greet", range="^1.1"), there)


def test_what_is_not_there_is_reported_with_what_there_is() -> None:
    with pytest.raises(NotFoundError, match="there is no workflow gret") as error:
        choose(Reference("gret"), Listed("1.0.0"))
    assert error.value.hint == "did you mean greet?"
    for reference in ("greet@^2", "greet:2.0.0"):
        with pytest.raises(NotFoundError, match="no version of greet is") as error:
            choose(parse_reference(reference), Listed("1.0.0", "1.1.0!"))
        assert error.value.hint == "there are 1.0.0, 1.1.0 (yanked)"


def test_only_what_should_not_be_used_is_said() -> None:
    used = [
        Candidate("a", "1.0.0"),
        Candidate("b", "1.0.0", notice=Notice("note", Level.NOTICE)),
        Candidate("c", "1.0.0", notice=Notice("slow", Level.WARN)),
        Candidate("d", "1.0.0", notice=Notice("leaks")),
    ]
    assert warnings_about(used) == ("c:1.0.0 should not be used: slow", "d:1.0.0 is yanked: leaks")


def test_what_nothing_may_overwrite_is_named_for_paths_alone(tmp_path: Path) -> None:
    named = own_files(f"{tmp_path}/")
    assert tmp_path / "workflow.lock" in named
    assert own_files(str(tmp_path / "x.yaml"))[1:] == named[1:]
    assert own_files("greet@^1") == ()

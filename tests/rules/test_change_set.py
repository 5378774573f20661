"""What a pull request changes: touched workflows and versions, and whether a maintainer stands behind it."""

from __future__ import annotations

import pytest

from registry_tool.rules.change_set import Actor, ChangeSet, LineState, Pusher
from registry_tool.store.changes import Change

ADA, MIA, EVE = 1, 2, 3


def changed(*paths: str) -> tuple[Change, ...]:
    return tuple(Change(path, "", "100644", "", "b" * 40) for path in paths)


HELLO = "registry/workflows/hello"
SET = ChangeSet(
    changed(
        f"{HELLO}/1.0.0/manifest.yaml", f"{HELLO}/1.0.0/docs/README.md", f"{HELLO}/owners.yaml",
        "registry/workflows/other/2.0.0/manifest.yaml", "README.md",
    ),
    {"hello": LineState("hello", was=("0.9.0",), now=("0.9.0", "1.0.0")), "other": LineState("other")},
)  # fmt: skip


def test_versions_and_names_are_reported_once_in_order() -> None:
    assert SET.versions() == [("hello", "1.0.0"), ("other", "2.0.0")]
    assert SET.touched_names() == ["hello", "other"]


def test_what_the_base_has_is_published() -> None:
    assert SET.is_published("hello", "0.9.0")
    assert not SET.is_published("hello", "1.0.0")
    assert not SET.is_published("nothing", "1.0.0")


def test_whose_owners_file_differs() -> None:
    assert [line.name for line in SET.owners_changed()] == ["hello"]


def test_a_line_is_new_where_the_base_knows_nothing_of_it() -> None:
    assert SET.lines["other"].is_new
    assert not SET.lines["hello"].is_new
    assert SET.lines["other"].owners_before.owners == ()


@pytest.mark.parametrize(
    ("actor", "behind"),
    [
        (None, False),
        (Actor(MIA), True),
        (Actor(ADA), False),
        (Actor(ADA, approvals=frozenset({MIA})), True),
        (Actor(ADA, approvals=frozenset({EVE})), False),
        (Actor(MIA, pushers=(Pusher(EVE),)), False),  # what is judged is also another's
        (Actor(MIA, pushers=(Pusher(MIA),)), True),
        (Actor(MIA, pusher_unknown=True), False),
        (Actor(ADA, approvals=frozenset({MIA}), pusher_unknown=True), True),
    ],
)
def test_a_maintainer_approves_or_asks_and_pushed_it(actor: Actor | None, behind: bool) -> None:
    assert ChangeSet((), actor=actor, maintainers=frozenset({MIA})).by_maintainer is behind

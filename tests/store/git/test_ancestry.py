"""Who follows on whom, as git itself says it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from registry_tool.store.git.ancestry import follows, parents_in
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")


def test_a_history_with_a_merge_is_reported_as_git_tells_it(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    made = make_registry(git=True)
    repository = Repository(made.root)

    def commit(*parents: str) -> str:
        changes = {"a": str(len(commits)).encode()}
        commits.append(repository.commit_with(EMPTY_TREE, changes, parents, "a\n\nparent x", WHO))
        return commits[-1]

    commits: list[str] = []
    start = commit()
    left, right = commit(start), commit(start)
    commit(left, right)
    commit(commits[-1])
    commit()
    for older, newer in product(commits, commits):
        above = made.git("rev-list", newer).splitlines()
        expected = older in above
        assert repository.descends(newer, older) is expected, (older, newer)


def test_a_short_line_needs_no_git(make_registry: Callable[..., RegistryFolder]) -> None:
    made = make_registry(git=True)
    repository = Repository(made.root)
    first = repository.find("HEAD")
    last = first
    for _ in range(5):
        last = repository.commit_with(last, {}, [last], "Go on", WHO)
    before = repository.calls
    assert repository.descends(last, first)
    assert not repository.descends(first, last)
    assert repository.descends(first, first)
    assert repository.calls == before


def test_what_is_not_here_and_what_is_far_is_left_to_git() -> None:
    line = {str(n): [str(n - 1)] for n in range(1, 200)} | {"0": []}
    assert follows("40", "20", line.get) is True
    assert follows("20", "40", line.get) is False
    assert follows("199", "0", line.get) is None
    assert follows("5", "gone", line.get) is None
    assert follows("gone", "gone", line.get) is None


def test_words_of_a_message_are_no_parents() -> None:
    assert parents_in(b"tree 1\nparent 2\nparent 3\nauthor x\n\nparent 4\n") == ["2", "3"]

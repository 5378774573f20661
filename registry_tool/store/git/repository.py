"""Everything that is asked of git goes through `Repository` (objects are read by `git/object_reader.py` for it).

Plumbing commands only: nothing is ever checked out, no hook ever runs, and nothing that a clone's configuration or
the environment names is started (`git/environment.py`), but for what talks to a remote as the user would.

Works alike on work trees and bare repositories. Every other store module goes through `Repository`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry_tool.store.git.ancestry import follows, parents_in
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.import_files import import_files
from registry_tool.store.git.new_objects import Entries, Identity, NewObjects
from registry_tool.store.git.objects import EMPTY_TREE, SHA
from registry_tool.store.git.remotes import Remotes
from registry_tool.store.git.tree_entries import entries_of


class Repository(Remotes):
    """A repository by its folder, with its history and new commits; each class below adds a subject."""

    def commit_with(
        self,
        base: str,
        changes: Mapping[str, bytes | None],
        parents: Sequence[str],
        message: str,
        who: Identity,
    ) -> str:
        """A new commit of `base` (a commit or tree) with files written or, for None, removed; no ref is moved."""
        new = self._new_objects()
        commit = new.commit(self._tree_with(new, base, changes), parents, message, who)
        self._write(new)
        return commit

    def tree_with(self, base: str, changes: Mapping[str, bytes | None]) -> str:
        """The tree of that commit alone."""
        new = self._new_objects()
        tree = self._tree_with(new, base, changes)
        self._write(new)
        return tree

    def import_files(self, files: Iterable[tuple[str, bytes]]) -> str:
        """The tree of many files (path, bytes), which are stored in one pack."""
        return self.tree_id(import_files(files, self._opened().alone.environment, self.location))

    def _tree_with(self, new: NewObjects, base: str, changes: Mapping[str, bytes | None]) -> str:
        start = "" if base == EMPTY_TREE else self.tree_id(self.object_name(base))

        def entries(tree: str) -> Entries:
            found = entries_of(self.object(tree), len(tree) // 2)
            return {name: (mode, raw) for name, (mode, _, raw) in found.items()}

        return new.tree(entries, start, changes)

    def _new_objects(self) -> NewObjects:
        return NewObjects("sha256" if self._opened().alone.is_sha256 else "sha1")

    def _write(self, new: NewObjects) -> None:
        new.write(self.git_dir / "objects")

    @property
    def is_cut_off(self) -> bool:
        """True for a shallow clone, whose history isn't whole."""
        return (self.git_dir / "shallow").exists()

    def descends(self, commit: str, ancestor: str) -> bool:
        """Whether a commit is, or follows on, another one; False where one of them isn't here."""
        older, newer = self.object_name(ancestor), self.object_name(commit)
        known = follows(newer, older, self._parents)
        if known is not None:
            return known
        try:
            self.run("merge-base", "--is-ancestor", older, newer)
        except GitError:
            return False
        return True

    def _parents(self, commit: str) -> list[str] | None:
        """The parents of a commit by its id, None for what is not a commit here."""
        found = self._objects(commit).read(commit) if SHA.fullmatch(commit) else None
        return parents_in(found[1]) if found and found[0] == "commit" else None

    def history(self, commit: str, path: str, most: int) -> list[str]:
        """The commits that changed a path, from one backwards, newest first."""
        if commit == EMPTY_TREE:
            return []
        start = self.object_name(commit)
        words = ("log", "--format=%H", f"--max-count={most}", start, "--", path)
        return self.text(*words).splitlines()

    def committed(self, commit: str) -> str:
        """When a commit was made (RFC 3339)."""
        return self.text("show", "--no-patch", "--format=%cI", self.object_name(commit))

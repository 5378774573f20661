"""Refs of a repository: what they name, and moving them by compare and swap."""

from __future__ import annotations

from contextlib import suppress

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.objects import SHA, Objects
from registry_tool.store.git.refs import ref_here

NO_COMMIT = "0" * 40


class References(Objects):
    """Branches, tags and whatever else names a commit."""

    def commit(self, ref: str) -> str:
        """The commit that a ref names; `NotFoundError` where it names none."""
        if not ref or ref.startswith("-") or "\n" in ref or "\0" in ref:
            raise NotFoundError(f"{ref!r} is not a ref", location=self.location)
        here = ref if SHA.fullmatch(ref) else ref_here(self.git_dir, ref)
        if here and self.kind(here) == "commit":
            return here
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        with suppress(GitError):
            if here != "":
                return self.text(*words)
        raise NotFoundError(
            f"there is no commit {ref!r}",
            location=self.location,
            hint="fetch it first, or look at `git branch --all`",
        )

    def object_name(self, name: str) -> str:
        """The id that a ref names; an id, and what names nothing, as it is."""
        return name if SHA.fullmatch(name) else self.find(name) or name

    def find(self, ref: str) -> str:
        """The commit that a ref names, or nothing."""
        try:
            return self.commit(ref)
        except NotFoundError:
            return ""

    def refs(self, *patterns: str) -> dict[str, str]:
        """The commits of the refs that fit patterns (a whole ref, or one with `*`), by ref."""
        here = {ref: ref_here(self.git_dir, ref) for ref in patterns}
        known = all(id_ is not None and (not id_ or self.kind(id_)) for id_ in here.values())
        if here and known:
            return {ref: id_ for ref, id_ in here.items() if id_}
        lines = self.text("for-each-ref", "--format=%(objectname) %(refname)", *patterns)
        pairs = (line.split(" ", 1) for line in lines.splitlines())
        return {ref: commit for commit, ref in pairs}

    def head_branch(self) -> str:
        """The branch that HEAD names, empty where it names a commit."""
        try:
            return self.text("symbolic-ref", "--quiet", "--short", "HEAD")
        except GitError:
            return ""

    def move(self, ref: str, new: str, old: str, *, log: bool = True) -> bool:
        """Compare and swap: `ref` from `old` (empty: doesn't exist) to `new`; False where it has moved.

        Without `log`, no reflog remembers where it stood.
        """
        quiet = () if log else ("-c", "core.logAllRefUpdates=false")
        try:
            self.run(*quiet, "update-ref", ref, new, old or NO_COMMIT)
            if not log and self._has_reflog(ref):  # somebody's own git has begun one
                self.run("reflog", "expire", "--expire=now", "--expire-unreachable=now", ref)
        except GitError as error:
            if error.tells_of_a_rival:
                return False
            raise
        return True

    def delete(self, ref: str, old: str) -> bool:
        """Delete a ref that still names `old`; False where it has moved."""
        try:
            self.run("update-ref", "-d", ref, old)
        except GitError as error:
            if error.tells_of_a_rival:
                return False
            raise
        return True

    def _has_reflog(self, ref: str) -> bool:
        try:
            self.run("reflog", "exists", ref)
        except GitError:
            return False
        return True

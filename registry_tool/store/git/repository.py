"""Everything that is asked of git goes through `Repository` (objects are read by `git/object_reader.py` for it).

Plumbing commands only: nothing is ever checked out, no hook ever runs, and nothing that a clone's configuration or
the environment names is started (`git/environment.py`), but for what talks to a remote as the user would.

Works alike on work trees and bare repositories. Every other store module goes through `Repository`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.store.credentials import job_credentials
from registry_tool.store.git.ancestry import follows, parents_in
from registry_tool.store.git.environment import (
    ON_OBJECTS,
    OWN_SETTINGS,
    USERS_SETTINGS,
    own_environment,
    users_environment,
)
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.locations import places_of
from registry_tool.store.git.new_objects import Entries, Identity, NewObjects
from registry_tool.store.git.object_reader import ObjectReader
from registry_tool.store.git.open_objects import OpenObjects, open_objects
from registry_tool.store.git.refs import ref_here
from registry_tool.store.git.settings import LIST, settings
from registry_tool.store.git.tree_entries import entries_of

COMPLETE = "complete it: git fetch --refetch --no-filter origin"
"""What a partial clone (`git clone --filter=…`) needs; nothing is fetched by the way."""
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NO_COMMIT = "0" * 40
_INTERRUPTED = 20
"""So many seconds may a command that was under way go on after an interrupt."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MOST_TOLD = 2**16
"""Bytes of what a git command said that are looked at; a remote may say any amount."""


class Repository:
    """A repository by its folder (a work tree, a folder inside one, or a bare repository).

    `calls` counts git processes, so that tests can assert what an operation costs.
    """

    def __init__(self, folder: Path) -> None:
        found = places_of(folder)
        self.work_tree, self.git_dir, self._own_dir = found.work_tree, found.common, found.own
        self.location = str(self.work_tree or self.git_dir)
        self.calls = 0
        self._open: OpenObjects | None = None

    def run(
        self, *command: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None
    ) -> bytes:
        """Standard output of a git command with the tool's own configuration; `GitError` where it fails.

        Commands on objects take ids (`object_name` gives a ref's).
        """
        more = dict(env or {})
        surroundings: Mapping[str, str]
        settings: tuple[str, ...]
        if _name(command) in ON_OBJECTS or "GIT_INDEX_FILE" in more:
            surroundings, settings = self._opened().alone.environment, ()
        else:
            surroundings, settings = own_environment(self._own_dir), OWN_SETTINGS
        words = ("git", *settings, *command)
        return self._execute(words, {**surroundings, **more}, self._own_dir, stdin, self.location)

    def ask_remote(self, remote: str, *command: str) -> bytes:
        """Run a git command that talks to a remote: with the user's configuration and a job's credentials.

        A remote's address may be a relative path, so it runs where git itself would stand. An error names the
        remote as its place.
        """
        surroundings = users_environment(self._credentials(remote))
        words = ("git", *USERS_SETTINGS, *command)
        return self._execute(words, surroundings, Path(self.location), None, remote)

    def _ask_settings(self, *command: str) -> bytes:
        """What the user's and the clone's configuration say; only read, nothing is started by it."""
        surroundings = {**users_environment(), "GIT_DIR": str(self._own_dir)}
        words = ("git", *USERS_SETTINGS, *command)
        return self._execute(words, surroundings, self._own_dir, None, self.location)

    def _opened(self) -> OpenObjects:
        if self._open is None:
            self._open = open_objects(self.git_dir)
        return self._open

    def _execute(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stdin: bytes | None,
        location: str,
    ) -> bytes:
        self.calls += 1
        with tempfile.TemporaryFile() as source:
            _fill(source, stdin or b"")
            done = _to_its_end(words, folder, environment, source)
        if done.returncode:
            raise GitError(_name(words[1:]), _told(done.stderr), location)
        return done.stdout

    def text(self, *command: str, stdin: bytes | None = None) -> str:
        """Standard output as text without the last line break."""
        return _text(self.run(*command, stdin=stdin))

    def commit(self, ref: str) -> str:
        """The commit that a ref names; `NotFoundError` where it names none."""
        if not ref or ref.startswith("-") or "\n" in ref or "\0" in ref:
            raise NotFoundError(f"{ref!r} is no ref", location=self.location)
        here = ref if _SHA.fullmatch(ref) else ref_here(self.git_dir, ref)
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
        return name if _SHA.fullmatch(name) else self.find(name) or name

    def find(self, ref: str) -> str:
        """The commit that a ref names, or nothing."""
        try:
            return self.commit(ref)
        except NotFoundError:
            return ""

    @property
    def is_partial(self) -> bool:
        """True for a clone made with `--filter`: what it lacks is never fetched while something is judged."""
        packs = self.git_dir / "objects" / "pack"
        return next(packs.glob("*.promisor"), None) is not None

    def _missing(self, object_id: str) -> NotFoundError:
        reason = f"the object {object_id} is missing"
        if not self.is_partial:
            return NotFoundError(reason, location=self.location)
        return NotFoundError(
            f"{reason}, as this clone is partial", location=self.location, hint=COMPLETE
        )

    def object(self, object_id: str) -> bytes:
        """An object's bytes; `NotFoundError` for none."""
        return self._read(object_id)[1]

    def objects(self, object_ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many objects in their order; `NotFoundError` for one that is missing."""
        if object_ids:
            reader = self._objects(object_ids[0])
            for name, data in zip(object_ids, reader.read_many(object_ids), strict=True):
                if data is None:
                    raise self._missing(name)
                yield data

    def size(self, object_id: str) -> int:
        """An object's size in bytes, without reading it."""
        size = self._objects(object_id).size(object_id)
        if size is None:
            raise self._missing(object_id)
        return size

    def kind(self, object_id: str) -> str:
        """An object's type (blob, tree, commit, tag), without reading it; empty where there is none."""
        return self._objects(object_id).kind(object_id)

    def tree_id(self, commit: str) -> str:
        """The tree of a commit; a tree is its own."""
        kind, data = self._read(commit)
        return data.split(b"\n", 1)[0].split()[1].decode() if kind == "commit" else commit

    def _read(self, object_id: str) -> tuple[str, bytes]:
        found = self._objects(object_id).read(object_id)
        if found is None:
            raise self._missing(object_id)
        return found

    def _objects(self, object_id: str) -> ObjectReader:
        if not _SHA.fullmatch(object_id):
            raise NotFoundError(f"{object_id!r} is no object id", location=self.location)
        reader, started = self._opened().reader()
        self.calls += started
        return reader

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

    def push(self, remote: str, new: str, ref: str, old: str) -> bool:
        """Move a ref on a remote, or delete it where `new` is empty; False where somebody was faster."""
        try:
            self.ask_remote(
                remote,
                *("push", "--quiet", "--no-recurse-submodules", f"--force-with-lease={ref}:{old}"),
                *(remote, f"{new}:{ref}"),
            )
        except GitError as error:
            if error.tells_of_a_rival:
                return False
            raise
        return True

    def fetch(self, remote: str, ref: str, into: str) -> str:
        """Fetch a ref into a local one; its commit, empty where the remote has none."""
        try:
            self.ask_remote(
                remote,
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
                *(remote, f"+{ref}:{into}"),
            )
        except GitError as error:
            if "couldn't find remote ref" in error.stderr:
                return ""
            raise
        return self.commit(into)

    def _credentials(self, remote: str) -> Mapping[str, str] | None:
        if not os.environ.get("GITHUB_TOKEN"):
            return None
        return job_credentials(os.environ, self.remote_address(remote)) or None

    def config(self, key: str) -> str:
        """A setting of git's own configuration (its key in lower case), empty where it is not set."""
        return self.settings(f"^{re.escape(key)}$").get(key, "")

    def head_branch(self) -> str:
        """The branch that HEAD names, empty where it names a commit."""
        try:
            return self.text("symbolic-ref", "--quiet", "--short", "HEAD")
        except GitError:
            return ""

    def refs(self, *patterns: str) -> dict[str, str]:
        """The commits of the refs that fit patterns (a whole ref, or one with `*`), by ref."""
        here = {ref: ref_here(self.git_dir, ref) for ref in patterns}
        told = all(id_ is not None and (not id_ or self.kind(id_)) for id_ in here.values())
        if here and told:
            return {ref: id_ for ref, id_ in here.items() if id_}
        lines = self.text("for-each-ref", "--format=%(objectname) %(refname)", *patterns)
        pairs = (line.split(" ", 1) for line in lines.splitlines())
        return {ref: commit for commit, ref in pairs}

    def remote_refs(self, remote: str, *patterns: str) -> dict[str, str]:
        """Ids by ref of a remote, asked now; `GitError` where it can't be reached."""
        lines = self.ask_remote(remote, "ls-remote", "--refs", remote, *patterns)
        pairs = (line.split("\t", 1) for line in lines.decode().splitlines())
        return {ref: commit for commit, ref in pairs}

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
        """The parents of a commit by its id, None for what is no commit here."""
        found = self._objects(commit).read(commit) if _SHA.fullmatch(commit) else None
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

    def settings(self, pattern: str) -> dict[str, str]:
        """The settings whose keys (section and last word in lower case) fit a pattern: all in one question."""

        def ask() -> str:
            return _text(self._ask_settings(*LIST))

        try:
            known = settings(self._own_dir, self.git_dir, ask)
        except GitError:
            return {}
        return {key: value for key, value in known.items() if re.search(pattern, key)}

    def remote_address(self, name: str) -> str:
        """The address of a remote; `NotFoundError` for none."""
        try:
            return _text(self._ask_settings("remote", "get-url", "--", name))
        except GitError as error:
            if "No such remote" not in error.stderr:
                raise
        raise NotFoundError(
            f"there is no remote {name!r}", location=self.location, hint="look at `git remote`"
        )

    def remotes(self) -> list[str]:
        """Names of the remotes."""
        return _text(self._ask_settings("remote")).splitlines()


def _to_its_end(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], source: IO[bytes]
) -> subprocess.CompletedProcess[bytes]:
    """Run a command; also an interrupt waits for it a while.

    A push that is killed may have reached the remote, or reach it later: whoever cleans up must find it done or
    not done.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdin=source, stdout=pipe, stderr=pipe
    ) as process:
        try:
            out, err = process.communicate()
        except KeyboardInterrupt:
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=_INTERRUPTED)
            process.kill()
            raise
        return subprocess.CompletedProcess(words, process.returncode, out, err)


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape").rstrip("\n")


def _told(stderr: bytes) -> str:
    """What a command said: its end, where git tells why it failed, from a line's beginning."""
    end = stderr[-_MOST_TOLD:]
    if len(stderr) > _MOST_TOLD:
        end = end[
            end.find(b"\n") + 1 :
        ]  # a line without its beginning may hold a credential's half
    return end.decode("utf-8", "replace")


def _name(words: Sequence[str]) -> str:
    """The command among git's words: what follows its options `-c key=value`."""
    return next(
        word
        for before, word in zip(("", *words), words, strict=False)
        if before != "-c" and not word.startswith("-")
    )


def _fill(file: IO[bytes], data: bytes) -> None:
    try:
        file.write(data)
        file.seek(0)
    except OSError as error:
        raise RegistryError(
            f"can't be written: {error.strerror}",
            location=tempfile.gettempdir(),
            hint="make room on the disk",
        ) from None

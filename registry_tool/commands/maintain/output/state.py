"""What an output remembers below `.registry-build/`, so that the next build need not read everything again.

| file | holds |
| --- | --- |
| lines/<xx>/<name>.json | a workflow: its summary, its slots in lists, its versions, and its files |
| dependents/<xx>/<name>.json | who requires a workflow |
| lists/<kind>/<key>/<n>.json | page n of a list of workflows |
| lists/<kind>/<key>/list.json | the list's next slot, how many it shows, and its latest updates |
| groups/<kind>/<n>.json | page n of the categories, authors or tags |
| registry.json | counters, and the latest updates of all |
| fixed.json | the files that know no workflow |

Each is a function of the commit alone, as everything else in an output; each names the files that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

import msgspec

from registry_tool.catalogue.summaries import Summary
from registry_tool.core.codec import field_error
from registry_tool.core.errors import RegistryError
from registry_tool.core.segments import path_segment

FOLDER: Final = ".registry-build"
PAGE: Final = 100
"""Slots of a page."""


class State(msgspec.Struct):
    """A file of the state. `files` are the paths of the output that stand and fall with it, with their bytes."""

    files: dict[str, int] = {}


class VersionState(State):
    """A version: the moment of its commit, where its manifest names none."""

    published: str = ""


class LineRecord(State):
    """A workflow. `slots` are by kind and key; `requires` names what its latest version needs, with ranges.

    `diffs` are the pages of the differences between neighbours, by `1.0.0...1.1.0`.
    """

    summary: Summary = {}
    slots: dict[str, dict[str, int]] = {}
    requires: dict[str, str] = {}
    versions: dict[str, VersionState] = {}
    diffs: dict[str, State] = {}


class DependentsState(State):
    """The workflows whose latest version requires another one: what is shown of each, by name."""

    by_name: dict[str, Summary] = {}


class PageState(State):
    """A page of a list: the summaries of those of its slots that are shown, by slot."""

    entries: dict[str, Summary] = {}


class ListState(State):
    """A list: the slot in the list of its kind, the next free slot, how many are shown, the latest updates."""

    slot: int = 0
    following: int = 0
    shown: int = 0
    latest: list[Summary] = []


class GroupsState(State):
    """A page of the groups of a kind: (key, how many workflows are shown) by slot."""

    entries: dict[str, tuple[str, int]] = {}


class RegistryState(State):
    """Counters of the whole. `following` is the next slot, `groups` how many are shown, each by kind.

    `required` counts the workflows that require each one; `requires` has what each requires, as long as a picture
    can show all of it.
    """

    versions: int = 0
    following: dict[str, int] = {}
    groups: dict[str, int] = {}
    facets: dict[str, dict[str, int]] = {}
    months: dict[str, int] = {}
    used: list[Summary] = []
    certified: list[Summary] = []
    required: dict[str, int] = {}
    requires: dict[str, list[str]] = {}


S = TypeVar("S", bound=State)
Read = Callable[[str], bytes | None]
"""A file of the previous output, None where it has none."""
Expect = Callable[[Iterable[str]], None]
"""Told of files that are about to be read, so that a distant output sends them in one go."""

REGISTRY: Final = f"{FOLDER}/registry.json"
FIXED: Final = f"{FOLDER}/fixed.json"
DEPLOYED: Final = f"{FOLDER}/deployed.json"


def line_path(name: str) -> str:
    """Where a workflow's state is."""
    return f"{FOLDER}/lines/{name[:2]}/{name}.json"


def dependents_path(name: str) -> str:
    """Where the dependents of a workflow are listed."""
    return f"{FOLDER}/dependents/{name[:2]}/{name}.json"


def list_path(kind: str, key: str) -> str:
    """Where the state of a list is."""
    return f"{FOLDER}/lists/{kind}/-{path_segment(key)}/list.json"


def page_path(kind: str, key: str, page: int) -> str:
    """Where page `page` of a list is, from 1."""
    return f"{FOLDER}/lists/{kind}/-{path_segment(key)}/{page}.json"


def groups_path(kind: str, page: int) -> str:
    """Where page `page` of the groups of a kind is, from 1."""
    return f"{FOLDER}/groups/{kind}/{page}.json"


def page_of(slot: int) -> int:
    """The page on which a slot stands."""
    return slot // PAGE + 1


def encode(state: State) -> bytes:
    """The file; the same state gives the same bytes."""
    return _ENCODER.encode(state)


_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class States:
    """The states of an output: read from the previous one when they are asked for, kept where they are new."""

    def __init__(self, read: Read, expect: Expect) -> None:
        self.read = read
        self._expect = expect
        self._known: dict[str, State | None] = {}
        self._old: dict[str, Mapping[str, int]] = {}
        self._touched: dict[str, None] = {}

    def expect(self, paths: Iterable[str]) -> None:
        """Say which files are about to be read; those that were read already are not asked for again."""
        self._expect(path for path in paths if path not in self._known)

    def find(self, kind: type[S], path: str) -> S | None:
        """The state at a path, None where there is none."""
        if path not in self._known:
            data = self.read(path)
            state = None if data is None else _decode(kind, data, path)
            self._known[path] = state
            if state is not None:
                self._old[path] = {path: len(data or b""), **dict(files_of(state))}
        found = self._known[path]
        return found if isinstance(found, kind) else None

    def get(self, kind: type[S], path: str) -> S:
        """The state at a path, to be changed: a new one where there is none."""
        found = self.find(kind, path)
        if found is None:
            found = self._known[path] = kind()
        self._touched[path] = None
        return found

    def drop(self, path: str) -> None:
        """Let a state go that was found before, and its files with it."""
        self._known[path] = None
        self._touched[path] = None

    def touched(self) -> Iterator[tuple[str, State | None]]:
        """What was asked for to be changed, in the order in which it was."""
        for path in self._touched:
            yield path, self._known[path]

    def before(self) -> dict[str, int]:
        """The files of the previous output that belong to what was asked for to be changed, with their bytes."""
        return {path: size for at in self._touched for path, size in self._old.get(at, {}).items()}


def files_of(state: State) -> Iterator[tuple[str, int]]:
    """The paths that a state stands for, with their bytes; its own is not among them."""
    yield from state.files.items()
    if isinstance(state, LineRecord):
        for part in (*state.versions.values(), *state.diffs.values()):
            yield from part.files.items()


def _decode(kind: type[S], data: bytes, path: str) -> S:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise RegistryError(
            f"the output is damaged ({field_error(str(error))})",
            location=path,
            hint="rebuild it with --full",
        ) from None

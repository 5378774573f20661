"""Registries that grow by random steps, in a repository whose commits are made without a process."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import EMPTY_TREE, Repository
from tests.conftest import MANIFEST

NAMES = ("ab", "abc", "b-1", "zeta", "ypsilon")
TAGS = ("x", "a b", "..", "中文", "Ü")
UPDATED = '  updated: "2024-01-01T00:00:00Z"\n'
SETTINGS = "name: Random\ncategories: {{ text: {title} }}\nsite: {{ version_pages: {pages} }}\n"
WHO = Identity("Ada", "ada@example.com", "2026-01-01T12:00:00Z")
PAGES = ("all", "latest-of-minor", "latest")


@dataclass
class History:
    """A repository, its present files below `registry/`, and its last commit."""

    repository: Repository
    chance: random.Random
    files: dict[str, bytes] = field(default_factory=dict)
    commit: str = ""
    day: int = 0
    removed: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)

    def step(self) -> str:
        """One random change, committed; says which."""
        steps: list[Callable[[], None]] = [
            *(self.add,) * 6, *(self.yank,) * 2, self.deprecate, self.certify, self.own, self.numbers,
            self.count, self.nothing,
        ]  # fmt: skip
        rare = (self.tombstone, self.restore, self.settings)
        chosen = self.chance.choice(rare if self.chance.random() < 0.06 else steps)
        for _ in range(self.chance.choice((1, 1, 1, 3))):
            chosen()
        self.record()
        return chosen.__name__

    def start(self) -> None:
        """A registry without workflows, or with one."""
        self.files["registry/registry.yaml"] = self._settings("Text")
        if self.chance.random() < 0.5:
            self.add()
        self.record()

    def _settings(self, title: str) -> bytes:
        return SETTINGS.format(title=title, pages=self.chance.choice(PAGES)).encode()

    def record(self) -> None:
        """Commit the files as they are."""
        self.day += 1
        old = GitTree(self.repository, self.commit or EMPTY_TREE)
        gone = {f.path for f in old.files("registry")} - self.files.keys()
        changes = {**self.files, **dict.fromkeys(gone)}
        who = Identity("Ada", "ada@example.com", f"2026-01-{self.day % 28 + 1:02}T12:00:00Z")
        parents = [self.commit] if self.commit else []
        self.commit = self.repository.commit_with(
            self.commit or EMPTY_TREE, changes, parents, "Step", who
        )

    def versions(self) -> list[tuple[str, str]]:
        found = {tuple(p.split("/")[2:4]) for p in self.files if p.endswith("manifest.yaml")}
        return sorted(found)  # type: ignore[arg-type]

    def add(self) -> None:
        name = self.chance.choice(NAMES)
        number = (
            f"{self.chance.randint(0, 1)}.{self.chance.randint(0, 3)}.{self.chance.randint(0, 2)}"
        )
        if (name, number) in self.versions() or (name, number) in self.removed:
            return  # a number with a tombstone is never given again
        needs = self.chance.sample([n for n in NAMES if n != name], self.chance.randint(0, 2))
        requires = ", ".join(f"{{ name: {need}, version: '*' }}" for need in needs)
        text = MANIFEST.replace("NAME", name).replace("VERSION", number)
        text = text.replace("REQUIRES", f"[{requires}]")
        tags = self.chance.sample(TAGS, self.chance.randint(0, 3))
        text = text.replace("[greeting]", json.dumps(tags))
        text = text.replace("ada@example.com", self.chance.choice(("ada@example.com", "bob", "李")))
        text = text.replace("category: text", f"category: {self.chance.choice(('text', 'other'))}")
        date = self.chance.choice(("", UPDATED, UPDATED.replace("2024", "2027")))
        text = text.replace(UPDATED, date)
        folder = f"registry/workflows/{name}/{number}"
        workflow = load(text, "manifest.yaml").workflow
        self.files[f"{folder}/manifest.yaml"] = text.encode()
        self.files[f"{folder}/workflow.json"] = compile_bytes(workflow)
        self.files[f"{folder}/docs/README.md"] = f"# {name}\n\nGreets, {number}.\n".encode()
        self.files.setdefault(f"registry/workflows/{name}/owners.yaml", _owners({}))

    def _say(self, say: Callable[[dict[str, object], str], None]) -> None:
        if versions := self.versions():
            name, number = self.chance.choice(versions)
            path = f"registry/workflows/{name}/owners.yaml"
            said = json.loads(self.files[path])
            say(said, number)
            self.files[path] = _owners(said)

    def yank(self) -> None:
        def say(said: dict[str, object], number: str) -> None:
            yanked: dict[str, object] = said.setdefault("yanked", {})  # type: ignore[assignment]
            if yanked.pop(number, None) is None:
                level = self.chance.choice(("block", "warn"))
                yanked[number] = {"reason": f"day {self.day}", "level": level}

        self._say(say)

    def certify(self) -> None:
        def say(said: dict[str, object], number: str) -> None:
            certified: dict[str, object] = said.setdefault("certified", {})  # type: ignore[assignment]
            if certified.pop(number, None) is None:
                by = {"login": "eve", "id": 1000}
                certified[number] = {"by": by, "at": f"2026-01-{self.day % 28 + 1:02}"}

        self._say(say)

    def deprecate(self) -> None:
        def say(said: dict[str, object], number: str) -> None:
            if said.pop("deprecated", None) is None:
                said["deprecated"] = f"since {number}"

        self._say(say)

    def own(self) -> None:
        self._say(lambda said, _: said.update(owners=[{"login": "bob", "id": self.day + 1}]))

    def numbers(self) -> None:
        for kind, values in (("downloads", range(5)), ("ratings", (1.5, 4.0))):
            known = {
                name: self.chance.choice(values) for name in NAMES if self.chance.random() < 0.7
            }
            self.files[f"registry/metadata/{kind}.json"] = json.dumps(known).encode()

    def count(self) -> None:
        """A history of downloads grows, or goes."""
        path = f"registry/metadata/downloads/{self.chance.choice(NAMES)}.json"
        if self.files.pop(path, None) is None or self.chance.random() < 0.7:
            weeks = {f"2026-01-{monday:02}": self.day + monday for monday in (5, 12, 26)}
            self.files[path] = json.dumps({"weeks": weeks}).encode()

    def nothing(self) -> None:
        self.files["registry/NOTES"] = str(self.day).encode()

    def tombstone(self) -> None:
        if versions := self.versions():
            name, number = self.chance.choice(versions)
            folder = f"registry/workflows/{name}/{number}/"
            gone = [path for path in self.files if path.startswith(folder)]
            self.removed[name, number] = {path: self.files.pop(path) for path in gone}
            path = f"registry/workflows/{name}/owners.yaml"
            said = json.loads(self.files[path])
            said.setdefault("tombstones", {})[number] = "It leaked"
            self.files[path] = _owners(said)

    def restore(self) -> None:
        """A maintainer lifts a tombstone: the same files are there again."""
        if self.removed:
            name, number = self.chance.choice(sorted(self.removed))
            self.files |= self.removed.pop((name, number))
            path = f"registry/workflows/{name}/owners.yaml"
            said = json.loads(self.files[path])
            del said["tombstones"][number]
            said.setdefault("lifted", {})[number] = "By mistake"
            self.files[path] = _owners(said)

    def settings(self) -> None:
        self.files["registry/registry.yaml"] = self._settings(f"T{self.day}")


def _owners(said: dict[str, object]) -> bytes:
    """JSON is YAML."""
    return json.dumps({"owners": [{"login": "ada", "id": 1}], **said}).encode()


def history(folder: Path, seed: int) -> History:
    """A history that has begun; the same seed gives the same steps."""
    made = History(Repository(folder), random.Random(seed))  # noqa: S311 - no secret
    made.start()
    return made

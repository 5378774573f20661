"""What `puppy-cli init` begins with: each template is a folder of `templates/`, a project as an author has it.

A template is itself a workflow, under a name of its own, and our registry publishes it. What it calls lies
in `installed/<name>/<version>/`, the files of a published version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from registry_tool.core.errors import UsageError
from registry_tool.core.suggest import perhaps
from registry_tool.core.values import Object, Value
from registry_tool.manifest.digest import digest
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.package.build import package_bytes
from registry_tool.resolver.explain import PUBLIC
from registry_tool.resolver.lock import Lock, LockedVersion
from registry_tool.sources.installed import FOLDER
from registry_tool.sources.lock_file import LOCK_FILE
from registry_tool.store import paths

TEMPLATES: Final = (
    *("text", "code", "classify", "extract", "summarise", "answer", "route", "review-code"),
    *("clean-table", "call-workflow", "http", "agent"),
)
"""Every template's name, in the order in which they are listed."""
_INSTALLED: Final = "installed"
_HEAD: Final = re.compile(r"\A(?:.*\n)*?metadata:\n(?:  .*\n)+")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_,.'()+@ -]*[A-Za-z0-9.)]")
_WORDS_OF_YAML: Final = {"yes", "no", "on", "off", "true", "false", "null"}


@dataclass(frozen=True, slots=True)
class ProjectTemplate:
    """A template: its workflow, its files by their path in a project, and those of the versions that it calls."""

    name: str
    workflow: Workflow
    files: Mapping[str, bytes]
    callees: Mapping[tuple[str, str], Mapping[str, bytes]]

    @property
    def description(self) -> str:
        """What its workflow does, in a line."""
        return self.workflow.metadata.description

    def to_value(self) -> Object:
        """As `init --list --format json` shows it."""
        return {
            "name": self.name,
            "description": self.description,
            "workflow": self.workflow.name,
            "edges": list[Value](sorted({edge.type for edge in self.workflow.edges})),
        }

    def project(self, name: str, words: Mapping[str, str]) -> dict[str, bytes]:
        """The files of a project with another name; `words` are its metadata, empty ones are left out."""
        manifest = with_metadata(self._text(paths.PROJECT_MANIFEST), {"name": name, **words})
        ours = self._text(paths.README).replace(f"run {self.workflow.name}", "run .")
        readme = ours.replace(self.workflow.name, name)
        texts = {paths.PROJECT_MANIFEST: manifest, paths.README: readme}
        own = {path: text.encode() for path, text in texts.items()}
        return {**self.files, **own, **self._installed()}

    def _text(self, path: str) -> str:
        return self.files[path].decode()

    def _installed(self) -> dict[str, bytes]:
        """What it calls, as `puppy-cli install` would have put it there."""
        if not self.callees:
            return {}
        locked = {
            n: LockedVersion(v, digest(files), PUBLIC) for (n, v), files in self.callees.items()
        }
        packages = {
            f"{FOLDER}/{name}/{paths.package_file(name, version)}": package_bytes(files)
            for (name, version), files in self.callees.items()
        }
        return {**packages, LOCK_FILE: Lock(locked).to_bytes()}


def read_template(name: str) -> ProjectTemplate:
    """A template by its name; `UsageError` with the nearest one where there is none."""
    if name not in TEMPLATES:
        raise UsageError(
            f"there is no template {name[:64]!r}",
            hint=f"{perhaps(name, TEMPLATES)}there are {', '.join(TEMPLATES)}; "
            "`puppy-cli init --list` says what each does",
        )
    return _read(name)


@cache
def _read(name: str) -> ProjectTemplate:
    files = dict(_files(resources.files(__package__) / "templates" / name))
    callees: dict[tuple[str, str], dict[str, bytes]] = {}
    for path in [path for path in files if path.startswith(f"{_INSTALLED}/")]:
        _, callee, version, inside = path.split("/", 3)
        callees.setdefault((callee, version), {})[inside] = files.pop(path)
    workflow = load(files[paths.PROJECT_MANIFEST], f"{name}/{paths.PROJECT_MANIFEST}").workflow
    return ProjectTemplate(name, workflow, files, callees)


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()


def with_metadata(manifest: str, words: Mapping[str, str]) -> str:
    """A template's manifest with other lines of `metadata`; a line whose word is empty is left out."""
    head = _HEAD.match(manifest)
    if head is None:
        raise AssertionError("a template's metadata are lines of `key: value`")
    lines = [_line(line, words) for line in head[0].splitlines(keepends=True)]
    return "".join([*lines, manifest[head.end() :]])


def _line(line: str, words: Mapping[str, str]) -> str:
    key = line.strip().partition(":")[0]
    if not line.startswith("  ") or key not in words:
        return line
    return f"  {key}: {_scalar(words[key])}\n" if words[key] else ""


def _scalar(text: str) -> str:
    """Text as YAML: as it is where that can't be misread, else in quotes (JSON strings are YAML strings)."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML and " #" not in text
    return text if plain else json.dumps(text, ensure_ascii=False)

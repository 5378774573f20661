"""A registry's files on GitHub, read one by one: what is asked for costs the same in a registry of any size.

Nothing lists all workflows: `folders` of the folder that holds them is empty, and who judges on this says what
could not be looked at. https://docs.github.com/rest/repos/contents reads by path, …/git/trees a whole version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.github.fields import number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.github.objects import GitHubObjects, decoded
from registry_tool.store import paths
from registry_tool.store.tree import TreeFile

FOLDER = "40000"
_MODES = {"file": "100644", "dir": FOLDER, "symlink": "120000", "submodule": "160000"}
_MOST = 1000
"""Entries of a folder that GitHub lists; https://docs.github.com/rest/repos/contents#get-repository-content."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    sha: str
    size: int = 0
    inside: Mapping[str, _Entry] | None = None
    """A folder's entries by name."""


class GitHubTree:
    """The files of a commit of `owner/name`."""

    def __init__(self, http: GitHubHttp, repository: str, commit: str) -> None:
        self._http, self._repository, self.commit = http, repository, commit
        self._objects = GitHubObjects(http, repository)
        self._known: dict[str, _Entry | None] = {}
        self._versions: dict[str, Mapping[str, _Entry]] = {}
        self._bytes: dict[str, bytes] = {}

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a version's folder or a folder in it, sorted by path; nothing anywhere else."""
        for path, entry in sorted(self._version(prefix).items()):
            if path.startswith(f"{prefix}/") and entry.mode != FOLDER:
                yield TreeFile(path, entry.mode)

    def read(self, path: str) -> bytes:
        """A file's bytes; `NotFoundError` where there is none."""
        entry = self._find(path)
        if entry is None or entry.mode == FOLDER:
            raise NotFoundError("there is no such file", location=path)
        if entry.sha not in self._bytes:
            self._bytes[entry.sha] = self._objects.read_blob(entry.sha)
        return self._bytes[entry.sha]

    def size(self, path: str) -> int:
        """A file's size in bytes, as GitHub says; `NotFoundError` where there is none."""
        entry = self._find(path)
        if entry is None or entry.mode == FOLDER:
            raise NotFoundError("there is no such file", location=path)
        return entry.size

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders right below a folder, sorted; none of the one that holds all workflows."""
        if prefix == paths.WORKFLOWS:
            return []
        if version := self._version(prefix):
            above = [path for path, entry in version.items() if entry.mode == FOLDER]
            inside = (p.removeprefix(f"{prefix}/") for p in above if p.startswith(f"{prefix}/"))
            return sorted(name for name in inside if "/" not in name)
        entry = self._find(prefix)
        listed = entry.inside or {} if entry else {}
        return sorted(name for name, child in listed.items() if child.mode == FOLDER)

    def has(self, path: str) -> bool:
        """True where a file or folder stands at `path`."""
        return self._find(path) is not None

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""
        entry = self._find(path)
        return entry.mode if entry else ""

    def object_id(self, path: str) -> str:
        """git's id of what stands at `path`, empty where nothing does."""
        entry = self._find(path)
        return entry.sha if entry else ""

    def _find(self, path: str) -> _Entry | None:
        if paths.version_of(path):
            return self._version(path).get(path)
        if beside := paths.version_of(
            f"{path}/"
        ):  # a version's folder, or a file such as owners.yaml
            line = self._asked(paths.workflow_dir(beside[0]))
            return (line.inside or {}).get(beside[1]) if line else None
        return self._asked(path)

    def _version(self, path: str) -> Mapping[str, _Entry]:
        """Everything in the folder of the version that a path is in, by path; nothing for other paths."""
        location = paths.version_of(f"{path}/")
        if location is None:
            return {}
        folder = paths.version_dir(*location[:2])
        if folder not in self._versions:
            entry = self._find(folder)
            is_folder = entry is not None and entry.mode == FOLDER
            self._versions[folder] = self._whole(folder, entry.sha) if entry and is_folder else {}
        return self._versions[folder]

    def _whole(self, folder: str, sha: str) -> dict[str, _Entry]:
        """GET …/git/trees/{tree_sha}?recursive=1."""
        path = f"/repos/{self._repository}/git/trees/{quote(sha, safe='')}?recursive=1"
        found = self._http.get(path)
        if found.get("truncated") is True:
            raise RegistryError("the version has too many files", location=folder)
        return {
            f"{folder}/{text(item, 'path')}": _Entry(
                text(item, "mode").lstrip("0"),
                text(item, "sha"),
                number(item, "size") if "size" in item else 0,
            )
            for item in objects(found, "tree")
        }

    def _asked(self, path: str) -> _Entry | None:
        if path not in self._known:
            self._known[path] = self._ask(path)
        return self._known[path]

    def _ask(self, path: str) -> _Entry | None:
        """GET …/contents/{path}: a file with its bytes (up to 1 MB), or a folder with its entries."""
        place = f"/repos/{self._repository}/contents/{quote(path, safe='')}"
        found = self._http.find_any(f"{place}?ref={quote(self.commit, safe='')}")
        if found is None:
            return None
        if isinstance(found, dict):
            entry = _entry(found)
            if found.get("encoding") == "base64":
                self._bytes[entry.sha] = decoded(found, path)
            return entry
        if len(found) >= _MOST:
            raise RegistryError(
                f"GitHub lists {_MOST} entries of a folder, and there are more",
                location=path,
                hint="publish from a clone: --registry FOLDER --remote origin",
            )
        inside = {text(item, "name"): _entry(item) for item in found}
        return _Entry(FOLDER, f"{self.commit}:{path}", 0, inside)


def _entry(value: Object) -> _Entry:
    size = number(value, "size") if value.get("size") is not None else 0
    return _Entry(_MODES.get(text(value, "type"), ""), text(value, "sha"), size)

"""What runs keep: https://docs.github.com/rest/actions/artifacts. The archive is a stranger's until it is read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import unsafe_path
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.fields import number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import Artifact

LARGEST = 64 * 2**20
"""Bytes of an archive, and of all its files."""
MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class GitHubArtifacts:
    """The artifacts of `owner/name`."""

    http: GitHubHttp
    repository: str

    def of_run(self, id: int) -> tuple[Artifact, ...]:
        """GET …/actions/runs/{run_id}/artifacts; the newest hundred, newest first."""
        path = f"/repos/{self.repository}/actions/runs/{id}/artifacts?per_page=100"
        listed = [_artifact(item) for item in objects(self.http.get(path), "artifacts")]
        return tuple(sorted(listed, key=lambda artifact: artifact.id, reverse=True))

    def named(self, name: str) -> tuple[Artifact, ...]:
        """GET …/actions/artifacts?name=; the newest hundred, newest first."""
        path = (
            f"/repos/{self.repository}/actions/artifacts?name={quote(name, safe='')}&per_page=100"
        )
        listed = [_artifact(item) for item in objects(self.http.get(path), "artifacts")]
        found = [artifact for artifact in listed if artifact.name == name]
        return tuple(sorted(found, key=lambda artifact: artifact.id, reverse=True))

    def files(self, artifact: Artifact) -> dict[str, bytes]:
        """Its files by their paths; `RegistryError` where it is gone, too large or unsafe."""
        if artifact.expired:
            raise RegistryError(f"the artifact {artifact.name!r} has expired")
        if artifact.size > LARGEST:
            raise RegistryError(f"the artifact has {artifact.size} bytes, more than {LARGEST}")
        path = f"/repos/{self.repository}/actions/artifacts/{artifact.id}/zip"
        return unzip(self.http.download(path, LARGEST), f"artifact {artifact.name!r}")

    def remove(self, name: str) -> bool:
        """GET …/actions/artifacts?name=, DELETE each; False where there is none of that name."""
        base = f"/repos/{self.repository}/actions/artifacts"
        removed = [self.http.delete(f"{base}/{artifact.id}") for artifact in self.named(name)]
        return True in removed


def _artifact(item: Object) -> Artifact:
    return Artifact(
        number(item, "id"),
        text(item, "name"),
        number(item, "size_in_bytes"),
        item.get("expired") is True,
        _moment(item.get("created_at")),
    )


def _moment(value: Value) -> str:
    """A time of the forge's, empty where there is none that can be read."""
    try:
        return instant(datetime.fromisoformat(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def unzip(data: bytes, location: str) -> dict[str, bytes]:
    """The files in a ZIP archive, in memory; `RegistryError` for an unsafe, broken or too large one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, location)
            return {entry.filename: _content(archive, entry, location) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise RegistryError(
            f"the archive is broken: {str(error)[:200]}", location=location
        ) from None


def _check(entries: list[zipfile.ZipInfo], location: str) -> None:
    if len(entries) > MOST_FILES:
        raise RegistryError(f"the archive has more than {MOST_FILES} files", location=location)
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise RegistryError(f"the archive unpacks to more than {LARGEST} bytes", location=location)
    seen: set[str] = set()
    for entry in entries:
        reason = unsafe_path(entry.filename)
        if entry.filename in seen:
            reason = "is listed twice"
        if (entry.external_attr >> 16) & 0o170000 not in {0, 0o100000}:
            reason = "is not a regular file"
        if reason:
            raise RegistryError(f"the path {entry.filename[:80]!r} {reason}", location=location)
        seen.add(entry.filename)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, location: str) -> bytes:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise RegistryError(
            f"{entry.filename[:80]!r} has another size than it says", location=location
        )
    return data

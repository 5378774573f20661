"""What was posted: a manifest, and perhaps the package of the version that it describes."""

from __future__ import annotations

from datetime import datetime

from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, Problem, Severity
from registry_tool.core.records import Record
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.dating import moment, with_dates
from registry_tool.manifest.digest import digest
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.source import MAX_BYTES
from registry_tool.package.open import PackageError, open_package
from registry_tool.rules import layout, limits
from registry_tool.store import paths


class PostedVersion(Record, frozen=True):
    """A version that is to be published: its manifest, read, and its files by path.

    `undated` is the manifest as it was posted where that came alone and its dates were filled in.
    """

    workflow: Workflow
    files: dict[str, bytes]
    undated: bytes = b""

    def dated_like(self, manifest: bytes) -> PostedVersion:
        """The version with the dates of a published manifest, where the posted one left them out."""
        if not self.undated:
            return self
        if manifest == self.undated:
            return _compiled(manifest, self.undated)
        about = load(manifest, paths.MANIFEST).workflow.metadata
        if not (about.created and about.updated):
            return self
        return _alone(self.undated, about.created, about.updated)

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over its files."""
        return digest(self.files)


class UnfitPackageError(RegistryError):
    """What was posted is not a package, or not the one of the manifest beside it."""


def posted_version(manifest: bytes, package: bytes | None, now: datetime) -> PostedVersion:
    """The version in a post; `FindingsError` for a broken manifest, `UnfitPackageError` for a package.

    A manifest alone becomes a version with its compiled workflow, dated now where it names no dates.
    """
    if len(manifest) > MAX_BYTES:
        message = f"the manifest is larger than {MAX_BYTES} bytes"
        raise FindingsError(
            [Finding(paths.MANIFEST, 0, 0, limits.RULE.id, Severity.ERROR, message)]
        )
    loaded = load(manifest, paths.MANIFEST)
    workflow = loaded.workflow
    _demand_names(workflow, loaded.document)
    if package is None:
        return _alone(manifest, moment(now), moment(now))
    try:
        files = open_package(package, location="package")
    except PackageError as error:
        raise UnfitPackageError(f"package: {error.reason}", hint=error.hint) from None
    if files.get(paths.MANIFEST) != manifest:
        raise UnfitPackageError(
            f"package: its {paths.MANIFEST} is not the manifest that was posted with it",
            hint="post the manifest that `puppy-cli build` wrote, and the package beside it",
        )
    return PostedVersion(workflow, files)


def _alone(manifest: bytes, created: str, updated: str) -> PostedVersion:
    return _compiled(with_dates(manifest, created, updated).data, manifest)


def _compiled(text: bytes, undated: bytes) -> PostedVersion:
    workflow = load(text, paths.MANIFEST).workflow
    files = {paths.MANIFEST: text, paths.COMPILED: compile_bytes(workflow)}
    return PostedVersion(workflow, files, undated)


def _demand_names(workflow: Workflow, document: Document) -> None:
    """`FindingsError` for a name or a version that no folder can have."""
    wrong = (
        ("name", workflow.name, bad_name(workflow.name), "write a name such as my-workflow"),
        ("version", workflow.version, bad_version(workflow.version), 'write one such as "1.0.0"'),
    )
    problems = [
        Problem(("metadata", key), f"{text[:64]!r} {reason}", fix)
        for key, text, reason, fix in wrong
        if reason
    ]
    if findings := locate(problems, layout.RULE.id, document):
        raise FindingsError(findings)

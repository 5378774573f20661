"""A package file, verified: for who got one by another way than the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from puppyai.workflows.errors import IntegrityError, NotFoundError
from puppyai.workflows.translate import translated


@dataclass(frozen=True, slots=True)
class Package:
    """What a `.wfpkg` holds. `files` are by path inside the version."""

    name: str
    version: str
    digest: str
    files: Mapping[str, bytes] = field(repr=False)


def verify_package(package: bytes | str | Path, digest: str = "") -> Package:
    """Open a package and check it: its form, its digest where one is given, its compiled workflow.

    `IntegrityError` says what is wrong with it, `NotFoundError` that there is no such file.
    """
    from registry_tool.core.files import parse_json, read_limited
    from registry_tool.manifest.digest import digest as digest_of
    from registry_tool.manifest.load import workflow_from
    from registry_tool.package.limits import MAX_PACKAGE
    from registry_tool.package.open import open_package
    from registry_tool.store.paths import COMPILED

    if not isinstance(package, bytes) and not Path(package).is_file():
        raise NotFoundError("there is no such file", location=str(package))
    with translated(integrity=True):
        location = "the package" if isinstance(package, bytes) else str(package)
        data = package if isinstance(package, bytes) else read_limited(Path(package), MAX_PACKAGE)
        files = open_package(data, location=location, expected=digest)
        if COMPILED not in files:
            raise IntegrityError(f"the package has no {COMPILED}", location=location)
        compiled = workflow_from(parse_json(files[COMPILED], location=location), location)
    return Package(compiled.name, compiled.version, digest_of(files), files)

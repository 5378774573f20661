"""The compiled workflow of a published version: what machines read, never its YAML again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.model import Workflow
from registry_tool.resolver.candidates import Candidate
from registry_tool.store import paths

_KEPT = 32  # workflows of a process: a deployment opens the same one several times


def compiled_workflow(files: Mapping[str, bytes], candidate: Candidate, folder: str) -> Workflow:
    """The workflow in a version's `workflow.json`.

    `RegistryError` where there is none, or where it is another one than the candidate: the digest of a version
    doesn't tell, since an index may give an old version's to a new one. `folder` is only for messages.
    """
    location = f"{folder}/{paths.COMPILED}"
    if paths.COMPILED not in files:
        raise RegistryError(
            "the version has no compiled workflow",
            location=location,
            hint="run `registry-tool check --fix`",
        )
    found = _parsed(files[paths.COMPILED], location)
    if (found.name, found.version) != (candidate.name, candidate.version):
        raise RegistryError(
            f"it holds {found.reference}, not {candidate.name}:{candidate.version}",
            location=folder,
            hint="try again; if it stays so, tell the registry's maintainers",
        )
    return found


@lru_cache(maxsize=_KEPT)
def _parsed(data: bytes, location: str) -> Workflow:
    return workflow_from(parse_json(data, location=location), location)

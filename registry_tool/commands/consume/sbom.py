"""`puppy-cli sbom`: a version's bill of materials, with those of all that it may call."""

from __future__ import annotations

from hashlib import sha256

from registry_tool.catalogue.model import VersionFile
from registry_tool.catalogue.sbom.document import sbom as document
from registry_tool.catalogue.sbom.parts import SbomSubject
from registry_tool.core.values import Object
from registry_tool.manifest.recorded import recorded_models
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_reference
from registry_tool.store import paths


def sbom(reference: str, registry: AnyRegistry) -> Object:
    """The CycloneDX document of a reference or path, dependencies as they would be chosen now."""
    program = open_reference(reference, registry).program
    callees = {name: _subject(callee) for name, callee in program.callees.items()}
    return document(_subject(program), callees)


def _subject(program: Program) -> SbomSubject:
    about = program.workflow.metadata
    files = tuple(
        VersionFile(path, len(data), sha256(data).hexdigest())
        for path, data in sorted(program.files.items())
    )
    recorded = recorded_models(program.files.get(paths.CASSETTES, b""))
    released = about.updated or about.created
    return SbomSubject(program.workflow, program.digest, files, recorded, released)

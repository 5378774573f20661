"""A version's bill of materials as one CycloneDX document: the same version, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from registry_tool.catalogue.sbom.parts import (
    SbomParts,
    SbomSubject,
    file_component,
    parts_of,
    properties,
    reference,
)
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement

SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"


def sbom(subject: SbomSubject, callees: Mapping[str, SbomSubject] | None = None) -> Object:
    """The document of a version.

    `callees` are the workflows that it may call, by name, as they were resolved: these are described with all that
    they bring along. Without them, what is required is named with its range: a published document never changes.
    """
    known = dict(sorted((callees or {}).items()))
    parts = {one.ref: parts_of(one) for one in (subject, *known.values())}
    components: dict[str, Object] = {}
    services: dict[str, Object] = {}
    for found in parts.values():
        components = {**found.components, **components}
        services = {**found.services, **services}
    required = {one.ref: _workflow(one) for one in known.values()} or _ranges(subject)
    files = [file_component(subject, file) for file in subject.files]
    everything: list[Value] = [*files, *_sorted(components), *_sorted(required)]
    main = _workflow(subject)
    return {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{subject.ref} {subject.digest} {sorted(known)}')}",
        "version": 1,
        "metadata": {**_timestamp(subject.released), "component": main},
        "components": everything,
        "services": _sorted(services),
        "dependencies": [
            _depends(one, parts[one.ref], known) for one in (subject, *known.values())
        ],
    }


def _sorted(items: Mapping[str, Object]) -> list[Value]:
    return [items[ref] for ref in sorted(items)]


def _timestamp(released: str) -> Object:
    """When it was published, where that is a moment with its zone."""
    try:
        moment = datetime.fromisoformat(released)
    except ValueError:
        return {}
    return {"timestamp": moment.isoformat()} if moment.tzinfo else {}


def _workflow(subject: SbomSubject) -> Object:
    about = subject.workflow.metadata
    licence: list[Value] = [{"expression": about.license}]
    author: list[Value] = [{"name": about.author}]
    homepage: list[Value] = [{"type": "website", "url": about.homepage}]
    return {
        "type": "application",
        "bom-ref": subject.ref,
        "name": about.name,
        "version": about.version,
        **({"description": about.description} if about.description else {}),
        **({"licenses": licence} if about.license else {}),
        **({"authors": author} if about.author else {}),
        **({"externalReferences": homepage} if about.homepage else {}),
        "properties": properties([("digest", subject.digest)]),
    }


def _ranges(subject: SbomSubject) -> dict[str, Object]:
    return {_need_ref(need): _required(need) for need in subject.workflow.requires}


def _need_ref(need: Requirement) -> str:
    return reference(need.name, need.range)


def _required(need: Requirement) -> Object:
    return {
        "type": "application",
        "bom-ref": _need_ref(need),
        "name": need.name,
        "properties": properties([("range", need.range), ("registry", need.registry)]),
    }


def _depends(subject: SbomSubject, found: SbomParts, known: Mapping[str, SbomSubject]) -> Object:
    needs = [
        known[need.name].ref if need.name in known else _need_ref(need)
        for need in subject.workflow.requires
    ]
    return {
        "ref": subject.ref,
        "dependsOn": list[Value](sorted({*found.components, *found.services, *needs})),
    }

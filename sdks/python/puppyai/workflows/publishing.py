"""Publish a built workflow: a branch of a clone, a pull request on a forge, or a post to a live registry."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from puppyai.workflows.built_workflow import BuiltWorkflow
from puppyai.workflows.errors import NotSupportedError
from puppyai.workflows.models import Published
from puppyai.workflows.registry import Registry
from puppyai.workflows.transport import parsed
from puppyai.workflows.values import JsonObject

if TYPE_CHECKING:
    from pathlib import Path

    from registry_tool.commands.author.candidate import UnpublishedVersion


def publish(registry: Registry, workflow: BuiltWorkflow) -> Published:
    """The way that the registry's kind has; `NotSupportedError` where it has none."""
    if (root := registry.clone()) is not None:
        return _to_clone(root, workflow)
    if registry.choice.order[0].repository:
        return _to_forge(registry, workflow)
    if registry.transport is not None:
        return _to_live(registry, workflow)
    _ = registry.first  # says so where there is no registry at all
    raise NotSupportedError(
        "publishing goes through a pull request to the registry's git repository",
        location=registry.location,
        hint="give the client a clone, or OWNER/REPO",
    )


def _to_forge(registry: Registry, workflow: BuiltWorkflow) -> Published:
    """A pull request through the forge's API, by `auth_token`, else who is logged in."""
    from registry_tool.commands.author.publishing.destination import forge_repository
    from registry_tool.commands.author.publishing.forge import ForgePublisher
    from registry_tool.forge.github.client import GitHub
    from registry_tool.forge.tokens.found import token_store

    to = forge_repository(registry.choice.location, os.environ)
    assert to is not None  # noqa: S101 - the location names a repository
    token = registry.token or token_store(os.environ).demand(to.server.host).secret
    github = GitHub(to.repository, token, to.server.api)
    made = ForgePublisher(github).publish(_candidate(workflow))
    return Published(
        workflow.name,
        workflow.version,
        branch=made.branch,
        address=made.url,
        notes=tuple(note for note in (made.plan.note, *made.plan.held) if note),
    )


def _candidate(workflow: BuiltWorkflow) -> UnpublishedVersion:
    from registry_tool.commands.author.candidate import UnpublishedVersion
    from registry_tool.rules.file_set import VersionContent
    from registry_tool.store.paths import COMPILED, MANIFEST

    files = {MANIFEST: workflow.to_yaml().encode(), COMPILED: workflow.compiled()}
    contents = {path: VersionContent(data) for path, data in files.items()}
    return UnpublishedVersion(workflow.name, workflow.version, contents)


def _to_clone(root: Path, workflow: BuiltWorkflow) -> Published:
    """The branch `publish/<name>-<version>`; a pull request from it publishes."""
    from registry_tool.commands.author.publish import propose_manifest

    proposed = propose_manifest(root, workflow.manifest)
    notes = [proposed.note, *proposed.held]
    return Published(
        workflow.name,
        workflow.version,
        branch=proposed.branch,
        notes=tuple(note for note in notes if note),
    )


def _to_live(registry: Registry, workflow: BuiltWorkflow) -> Published:
    """201: it is published; 202: it waits, and `address` says where."""
    transport = registry.live()
    body, kind = _form(workflow)
    key = hashlib.sha256(body).hexdigest()
    url = transport.url("workflows")
    answer = transport.send(
        "POST",
        url,
        body=body,
        headers={"Content-Type": kind, "Idempotency-Key": key},
    )
    value = parsed(answer.body, url)
    found: JsonObject = value if isinstance(value, dict) else {}
    address = found.get("pull_request")
    held = found.get("held")
    return Published(
        workflow.name,
        workflow.version,
        address=address if isinstance(address, str) else "",
        published=answer.status == 201,
        notes=(held,) if isinstance(held, str) and held else (),
    )


def _form(workflow: BuiltWorkflow) -> tuple[bytes, str]:
    """The multipart body with `manifest` and `package`, and its content type."""
    from registry_tool.package.build import package_bytes
    from registry_tool.store.paths import COMPILED, MANIFEST

    manifest = workflow.to_yaml().encode()
    package = package_bytes({MANIFEST: manifest, COMPILED: workflow.compiled()})
    boundary = hashlib.sha256(package).hexdigest()[:32]
    parts = [
        _part("manifest", "manifest.yaml", "application/yaml", manifest),
        _part("package", f"{workflow.name}-{workflow.version}.wfpkg", "application/zip", package),
    ]
    lines = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        lines + b"--" + boundary.encode() + b"--\r\n",
        f"multipart/form-data; boundary={boundary}",
    )


def _part(name: str, file: str, kind: str, content: bytes) -> bytes:
    head = (
        f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    return head.encode() + content

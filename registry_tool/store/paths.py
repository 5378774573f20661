"""Where things stand in a registry; the only module that spells these paths."""

from __future__ import annotations

from typing import Final

REGISTRY_FILE: Final = "registry/registry.yaml"
WORKFLOWS: Final = "registry/workflows"
METADATA: Final = "registry/metadata"
INDEXES: Final = "indexes"
TRUST: Final = "registry/tuf"
MANIFEST: Final = "manifest.yaml"
PROJECT_MANIFEST: Final = "workflow-resource.yaml"
COMPILED: Final = "workflow.json"
README: Final = "docs/README.md"
CASSETTES: Final = "tests/cassettes.json"
RESOURCES: Final = "resources"
OWNERS: Final = "owners.yaml"
DEPLOYMENTS_BRANCH: Final = "deployments"
AUDIT_BRANCH: Final = "audit"
INDEXES_BRANCH: Final = "indexes"
RUN_KEYS_BRANCH: Final = "run-keys"
ACCESS_BRANCH: Final = "access"
PROVENANCE_BRANCH: Final = "provenance"


def root_file(version: int) -> str:
    """`registry/tuf/<version>.root.json`: a root of the registry, kept for ever."""
    return f"{TRUST}/{version}.root.json"


def workflow_dir(name: str) -> str:
    """`registry/workflows/<name>`."""
    return f"{WORKFLOWS}/{name}"


def version_dir(name: str, version: str) -> str:
    """`registry/workflows/<name>/<version>`."""
    return f"{WORKFLOWS}/{name}/{version}"


def owners_file(name: str) -> str:
    """`registry/workflows/<name>/owners.yaml`."""
    return f"{WORKFLOWS}/{name}/{OWNERS}"


def dependents_file(name: str) -> str:
    """`registry/metadata/dependents/<name>.json`: the reverse index that a check of one version reads."""
    return f"{METADATA}/dependents/{name}.json"


def downloads_file(name: str) -> str:
    """`registry/metadata/downloads/<name>.json`: how often a workflow was downloaded, week by week."""
    return f"{METADATA}/downloads/{name}.json"


def downloads_of(path: str) -> str:
    """The workflow whose history of downloads a path is, empty for other paths."""
    folder, _, file = path.rpartition("/")
    return file.removesuffix(".json") if downloads_file(file[:-5]) == path and folder else ""


def package_file(name: str, version: str) -> str:
    """`<name>-<version>.wfpkg`."""
    return f"{name}-{version}.wfpkg"


def sbom_file(name: str, version: str) -> str:
    """`<name>-<version>.cdx.json`."""
    return f"{name}-{version}.cdx.json"


def workflow_of(path: str) -> str:
    """The name of the workflow that a path belongs to, empty for other paths."""
    parts = path.split("/", 3)
    return parts[2] if len(parts) == 4 and "/".join(parts[:2]) == WORKFLOWS else ""


def version_of(path: str) -> tuple[str, str, str] | None:
    """(name, version, path inside) of a path inside a version's directory, else None."""
    parts = path.split("/", 4)
    if len(parts) == 5 and "/".join(parts[:2]) == WORKFLOWS:
        return parts[2], parts[3], parts[4]
    return None

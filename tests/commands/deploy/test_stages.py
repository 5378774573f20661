"""The stages before the switch: what each refuses, and what it keeps."""

from __future__ import annotations

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.core.errors import RegistryError
from registry_tool.state.target import open_deployed
from tests.commands.deploying import target


def test_an_environment_that_gives_too_little_refuses(registry: object) -> None:
    root = registry.root  # type: ignore[attr-defined]
    settings = root / "registry/registry.yaml"
    settings.write_text(settings.read_text().replace("memory: 1Gi", "memory: 256Mi"))
    with pytest.raises(RegistryError, match="512Mi of memory"):
        deploy(target(registry), "hello", "production")


@pytest.mark.parametrize(
    ("reference", "environment", "reason"),
    [
        ("nothing", "development", "no workflow nothing"),
        ("hello:9.9.9", "development", "no version of hello is 9.9.9"),
        ("hello", "mars", "no environment 'mars'"),
        ("registry/workflows/hello/1.0.0", "development", "is not a reference"),
    ],
)
def test_what_cannot_be_deployed(
    registry: object, reference: str, environment: str, reason: str
) -> None:
    with pytest.raises(RegistryError, match=reason):
        deploy(target(registry), reference, environment)


def test_dependencies_stay_as_they_were_locked(registry: object) -> None:
    where = target(registry)
    deployment = deploy(where, "caller", "development")
    assert deployment.lock.versions == {"hello": "1.1.0"}
    registry.add("hello", "1.9.0")  # type: ignore[attr-defined]
    assert open_deployed(where, deployment).program.callees["hello"].workflow.version == "1.1.0"

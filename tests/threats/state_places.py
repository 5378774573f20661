"""Registries whose state is on a remote: what a fresh clone is told of it, whole, damaged or away.

Pointers, events and entries are written as the tool writes them, without running a deployment: that takes long.
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry_tool.commands.deploy.audit import note_changes
from registry_tool.core.clock import FixedClock
from registry_tool.deploy.configuration import config_digest
from registry_tool.deploy.event_log import served_value
from registry_tool.deploy.model import OK, Deployment, Serving, StageEvent
from registry_tool.deploy.state import serving_value
from registry_tool.deploy.store import StateUpdate, View
from registry_tool.sources.reference import open_reference
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder
from tests.made_once import put_copy
from tests.marks import expanded_bytes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHO = Identity("x", "x@example.org", NOW.isoformat())
ENVIRONMENT = "production"
SETTINGS = "name: Scratch\nenvironments: { production: {} }\n"


def git(folder: Path, *words: str) -> None:
    """A git command that must not fail."""
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def hub_of(folder: Path) -> Path:
    """A bare repository in whose production hello and other 1.0.0 serve, noted in its audit log."""
    hub = folder / "hub.git"
    put_copy(_make_hub, hub)
    return hub


def _make_hub(hub: Path) -> None:
    folder = hub.parent
    registry = RegistryFolder(folder / "registry", git=True)
    for name in ("hello", "other"):
        registry.add(name, "1.0.0")
    (registry.root / "registry/registry.yaml").write_text(SETTINGS)
    registry.commit("Publish")
    target = Target(registry.root, clock=FixedClock(NOW), environ={})
    for name in ("hello", "other"):
        serve(target, name)
        note_changes(target, ENVIRONMENT, name, "deploy", "", environ={})
    git(folder, "clone", "-q", "--bare", "--template=", str(registry.root), str(hub))
    git(hub, "remote", "remove", "origin")


def serve(target: Target, name: str) -> None:
    """What a deployment leaves that went well."""
    digest = open_reference(f"{name}:1.0.0", str(target.root)).program.digest
    serving = Serving("1.0.0", digest, 100, {}, config_digest({}), deployment="dep-1")
    served: Any = served_value([serving])
    messages: list[tuple[str, dict[str, Any]]] = [
        ("configure", {"config_digest": serving.config_digest}),
        ("resolve", {"lock_digest": serving.lock.digest}),
        ("switch", {"serving": served}),
        ("watch", {"serving": served, "entry": serving_value(serving)}),
    ]
    time = NOW.isoformat()
    events = tuple(StageEvent("dep-1", stage, OK, time, 0.0, detail) for stage, detail in messages)
    state = Deployment(name, ENVIRONMENT, (serving,), "dep-1")

    def decide(_: View) -> StateUpdate:
        return StateUpdate(events, state)

    target.store().change(ENVIRONMENT, name, f"Deploy {name}", decide)


def prepare(recipe: dict[str, Any], folder: Path) -> Path:
    """The clone in which the command shall run, after the harm is done to the hub."""
    hub = hub_of(folder)
    clone = folder / "clone"
    git(folder, "clone", "-q", *recipe.get("clone", ()), hub.as_uri(), str(clone))
    changes: dict[str, bytes | None] = dict.fromkeys(recipe.get("take", ()))
    changes |= {path: expanded_bytes(text) for path, text in recipe.get("write", {}).items()}
    if changes:
        Branch(Repository(hub), "deployments").write(lambda _: changes, "x", WHO)
    if name := recipe.get("back"):
        git(hub, "update-ref", f"refs/heads/{name}", f"refs/heads/{name}~1")
    if name := recipe.get("drop"):
        git(hub, "update-ref", "-d", f"refs/heads/{name}")
    if recipe.get("second"):
        git(folder, "clone", "-q", str(clone), str(folder / "second"))
        clone = folder / "second"
    if recipe.get("gone"):
        hub.rename(folder / "away.git")
    return clone


def read_recipe(path: Path) -> dict[str, Any]:
    """A fixture: the command, what is done to the state before, and what must (not) be told."""
    value: dict[str, Any] = json.loads(path.read_text())
    return value

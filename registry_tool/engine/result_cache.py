"""Results of edges that ask for it (`cache: true`), kept by the hash of everything that makes them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol, cast

from registry_tool.core.clock import Clock, SystemClock, seconds
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json, write_atomic
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.manifest.edge_config import settings
from registry_tool.manifest.scope import templates_of
from registry_tool.manifest.template import expand, placeholders, split

_FORMAT: Final = "puppyai.com/results/v1"
_KEPT: Final = 30 * 24 * 3600.0


class ResultCache(Protocol):
    """Remembers what edges gave."""

    def get(self, key: str) -> dict[str, Value] | None:
        """Values by target, None for a key that is not known."""

    def put(self, key: str, results: Mapping[str, Value]) -> None:
        """Keep values by target."""


class FolderCache:
    """One file a result, below a folder; a result is forgotten after `kept` seconds."""

    def __init__(self, folder: Path, *, kept: float = _KEPT, clock: Clock | None = None) -> None:
        self._folder, self._kept, self._clock = folder, kept, clock or SystemClock()

    def get(self, key: str) -> dict[str, Value] | None:
        """The values; a file that can't be read counts as none."""
        path = self._path(key)
        try:
            if self._clock.now().timestamp() - path.stat().st_mtime > self._kept:
                path.unlink(missing_ok=True)
                return None
            value = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        return cast(dict[str, Value], value) if isinstance(value, dict) else None

    def put(self, key: str, results: Mapping[str, Value]) -> None:
        """Write them, whole or not at all."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(path, json.dumps(dict(results), ensure_ascii=False))
        moment = self._clock.now().timestamp()
        os.utime(path, (moment, moment))  # a file system may have a clock of its own

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}.json"


def folder_cache(folder: Path, retention: str = "") -> FolderCache:
    """A cache below `folder` that forgets after the usual time, or sooner where a workflow's retention says so.

    The folder's name says when, so that who prunes needs to know no workflow.
    """
    kept = min(_KEPT, seconds(retention)) if retention else _KEPT
    return FolderCache(folder / f"results-{int(kept)}", kept=kept)


def prune_caches(folder: Path, now: float, *, dry_run: bool = False) -> int:
    """How many results went whose time has passed."""
    count = 0
    for path in sorted(folder.glob("results*/*/*.json")):
        kept = path.parents[1].name.partition("-")[2] or str(int(_KEPT))
        try:
            old = kept.isdigit() and path.stat().st_mtime + int(kept) <= now
            if old and not dry_run:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue  # forgotten by a run meanwhile
        count += old
    return count


def cache_key(
    call: EdgeCall, config: EdgeConfig, services: Services, callee: str = ""
) -> str | None:
    """Hex SHA-256 over kind, configuration, inputs, names used, model and its settings, embedder, schemas, and
    what makes a called workflow's result (`callee`); None where a number in them can't be hashed exactly."""
    from registry_tool.engine.edges.asking.images import images_of
    from registry_tool.engine.edges.asking.settings import model_settings
    from registry_tool.engine.edges.llm import LlmConfig

    names = {
        found[0]
        for _, text in templates_of(call.edge)
        for placeholder in placeholders(text)
        if (found := split(placeholder.text, call.scope))
    }
    about: Object = {
        "format": _FORMAT,
        "type": call.edge.type,
        "targets": list[Value](call.edge.targets),
        "config": dict(settings(call.edge.config)),
        "inputs": dict(call.inputs),
        "given": dict(call.given),
        "names": {name: call.scope[name] for name in sorted(names)},
        "schemas": {target: dict(schema) for target, schema in call.target_schemas.items()},
        "provider": services.model.name if services.model else "",
        "model": model_settings(call, services, config).to_value(),
        "embedder": services.embedder.name if services.embedder else "",
        "callee": callee,
    }
    try:
        if isinstance(config, LlmConfig) and config.images:  # a file may change below its name
            named = images_of(expand(config.images, call.scope), services)
            about["images"] = [image.digest for image in named]
        return hashlib.sha256(canonical_json(about)).hexdigest()
    except (RegistryError, ValueError):
        return None

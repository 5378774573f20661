"""`workflow.lock`: every dependency with version and digest, so that tomorrow's run is today's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.digest import content_hash
from registry_tool.resolver.solve import Resolution

FORMAT = "puppyai.com/lock/v1"


@dataclass(frozen=True, slots=True)
class Locked:
    """One dependency as it was chosen."""

    version: str
    digest: str
    registry: str = "public"


@dataclass(frozen=True, slots=True)
class Lock:
    """Dependencies by name."""

    workflows: Mapping[str, Locked] = field(default_factory=dict)

    @property
    def versions(self) -> dict[str, str]:
        """Versions by name, as `solve` takes them."""
        return {name: locked.version for name, locked in self.workflows.items()}

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the file's bytes."""
        return f"sha256:{content_hash(self.to_bytes())}"

    def to_bytes(self) -> bytes:
        """The file: readable JSON, names sorted."""
        workflows: Object = {
            name: {"version": lock.version, "digest": lock.digest, "registry": lock.registry}
            for name, lock in self.workflows.items()
        }
        return pretty_json({"format": FORMAT, "workflows": workflows}).encode()


def lock_of(resolution: Resolution) -> Lock:
    """The lock of a resolution."""
    return Lock(
        {
            name: Locked(candidate.version, candidate.digest, candidate.registry)
            for name, candidate in resolution.chosen.items()
        }
    )


def read_lock(data: bytes, place: str) -> Lock:
    """The lock in a file; `RegistryError` where it is none."""
    value = parse_json(data, place=place)
    try:
        root = cast(Object, value)
        if root["format"] != FORMAT or set(root) != {"format", "workflows"}:
            raise KeyError("format")
        return Lock(
            {
                name: _locked(cast(Object, item))
                for name, item in cast(dict[str, Value], root["workflows"]).items()
            }
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RegistryError(
            f"not a lock ({error})", place=place, way_out="delete it and install again"
        ) from None


def _locked(item: Object) -> Locked:
    if set(item) != {"version", "digest", "registry"} or not all(
        isinstance(part, str) for part in item.values()
    ):
        raise ValueError("an entry needs version, digest and registry")
    return Locked(str(item["version"]), str(item["digest"]), str(item["registry"]))

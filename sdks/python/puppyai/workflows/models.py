"""What a registry tells: summaries, versions, ports, events. Frozen; each is also read by key, as in its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

from puppyai.workflows.values import JsonObject, JsonValue


class _Keyed:
    """`item["name"]` is `item.name`."""

    __slots__ = ()

    def __getitem__(self, key: str) -> JsonValue:
        if key not in self.keys():
            raise KeyError(key)
        found: JsonValue = getattr(self, key)
        return list(found) if isinstance(found, tuple) else found

    def keys(self) -> list[str]:
        """The names of all members."""
        return [member.name for member in fields(self)]  # type: ignore[arg-type]  # all are dataclasses


@dataclass(frozen=True, slots=True)
class WorkflowSummary(_Keyed):
    """A workflow in a list. `rating` is None where nobody rated it, `updated` RFC 3339 or empty."""

    name: str
    version: str
    author: str = ""
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    downloads: int = 0
    rating: float | None = None
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Notice(_Keyed):
    """What the owners say against a version. `level`: notice, warn or block (no longer chosen by ranges)."""

    level: str
    reason: str
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Dependency(_Keyed):
    """A workflow that a version calls, by an npm-style range."""

    name: str
    range: str
    registry: str = "public"


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version. `digest` is `sha256:<hex>` over its files; a yanked one is chosen by no range."""

    name: str
    version: str
    digest: str
    yanked: bool = False
    notice: Notice | None = None
    dependencies: tuple[Dependency, ...] = ()

    @property
    def reference(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"


@dataclass(frozen=True, slots=True)
class Port(_Keyed):
    """A typed input or output. `has_default` tells a default of null from none."""

    name: str
    type: str = "any"
    required: bool = False
    default: JsonValue = None
    has_default: bool = False
    enum: tuple[JsonValue, ...] = ()
    description: str = ""
    schema: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run (docs/events.md lists them). `level`: INFO, WARN or ERROR."""

    name: str
    time: datetime
    level: str
    workflow: str
    version: str
    execution_id: str
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage(_Keyed):
    """What models were asked for: tokens and calls; `cost_usd` is None where a price is not known."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    cost_usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did.

    `branch` is the branch that holds the version, empty on a live registry; `address` where to look at it, empty
    where a branch of a clone is all there is. `published` says that it is in the registry now; else it waits for
    what `notes` says.
    """

    name: str
    version: str
    branch: str = ""
    address: str = ""
    published: bool = False
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.address or self.branch

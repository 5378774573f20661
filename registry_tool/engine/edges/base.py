"""What an edge kind is: one file, one class, one line in `all_edges.py`.

The runner gives a kind an `EdgeCall` (what to compute), its configuration as a frozen value and `Services` (what
it may use) and gets the targets' values back. A target that is missing from the result was not taken (a branch);
the runner skips what hangs on it alone. Mapping over `looped` blocks is the runner's work: a kind always sees one
item.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.room import Room
from registry_tool.manifest.model import Block, Edge

if TYPE_CHECKING:
    from registry_tool.engine.providers.embeddings.base import Embedder
    from registry_tool.engine.providers.http.base import Fetcher
    from registry_tool.engine.providers.models.base import ModelProvider
    from registry_tool.engine.providers.speech import Transcriber
    from registry_tool.engine.providers.web_search.base import WebSearch
    from registry_tool.engine.providers.web_search.cohere_rerank import Reranker
    from registry_tool.engine.sandbox.base import Sandbox


class EdgeError(RegistryError):
    """An edge could not compute; the runner adds block, edge and attempt."""


class MissingServiceError(EdgeError):
    """The run has not what the edge needs: no `on_error` gets over that."""


class EdgeCall(Record, frozen=True):
    """One computation.

    `inputs` holds the source blocks' values by block id in declared order. `scope` holds all template names
    of this edge: source ids and labels, other block ids and labels, interface inputs, variables.
    `given` holds the run's inputs by name. `sources` and `targets` are the blocks themselves, `target_schemas` the
    JSON Schema that each target's value has to obey ({} where none), from the block or the output bound to it.
    """

    edge: Edge
    inputs: Mapping[str, Value]
    scope: Mapping[str, Value]
    sources: tuple[Block, ...] = ()
    targets: tuple[Block, ...] = ()
    target_schemas: Mapping[str, Frozen] = field(default_factory=dict)
    given: Mapping[str, Value] = field(default_factory=dict)

    def to_all(self, value: Value) -> dict[str, Value]:
        """One value for every target."""
        return dict.fromkeys(self.edge.targets, value)


RunWorkflow = Callable[[str, Mapping[str, Value]], Awaitable[dict[str, Value]]]
"""Runs a dependency by name with inputs; gives its outputs."""

RunEdge = Callable[[EdgeCall], Awaitable[dict[str, Value]]]
"""Runs an edge of any kind (for kinds that wrap another, such as `map`)."""


class Services(Record, frozen=True):
    """What edges may use in this run. A part that is None is absent, and its user says so.

    `overrides` are the environment's (`llm_model`, `temperature`, `max_tokens`, `base_url` …); a model's
    address among them is the operator's where it is `operator_address`, else `environment_hosts` must hold it.
    `resources` is the folder that `load` reads and `workspace` the one that `save` writes, as far as there is
    `room`. `outbound` lead outside. `emit` takes an event's name and its
    JSON payload; `on_text` takes an edge's id and a piece of a model's answer as it comes.
    """

    model: ModelProvider | None = None
    sandbox: Sandbox | None = None
    run_workflow: RunWorkflow | None = None
    run_edge: RunEdge | None = None
    overrides: Frozen = field(default_factory=dict)
    operator_address: str = ""
    environment_hosts: frozenset[str] = frozenset()
    resources: Path | None = None
    workspace: Path | None = None
    room: Room = field(default_factory=Room)
    emit: Callable[[str, Frozen], None] = lambda _event, _payload: None
    on_text: Callable[[str, str], None] | None = None
    embedder: Embedder | None = None
    transcriber: Transcriber | None = None
    outbound: OutboundServices = field(default_factory=OutboundServices)

    @property
    def model_hosts(self) -> frozenset[str]:
        """Where a model's address may lead that isn't the operator's."""
        return self.outbound.hosts | self.environment_hosts

    def is_operators(self, address: str) -> bool:
        """Whether a model's address is the one that the operator's environment sets."""
        return bool(address) and address == self.operator_address

    @property
    def web_search(self) -> Mapping[str, WebSearch]:
        """Search services by name."""
        return self.outbound.web_search

    @property
    def rerankers(self) -> Mapping[str, Reranker]:
        """Ranking services by name."""
        return self.outbound.rerankers

    @property
    def fetcher(self) -> Fetcher | None:
        """The way to declared hosts."""
        return self.outbound.fetcher


Config = TypeVar("Config")
ConfigClass = type[Config]


class EdgeKind(Protocol[Config]):
    """One type of edge. `config` is the frozen class that its configuration is read into (see `config.py`)."""

    type: str
    config: ConfigClass[Config]

    async def run(self, call: EdgeCall, config: Config, services: Services) -> dict[str, Value]:
        """Values by target block id; a target that is left out was not taken."""

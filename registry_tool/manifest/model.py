"""The typed workflow that the code works with once a manifest is loaded; frozen, defaults filled in.

`parse.py` makes one from a checked document, `compile.py` writes one as canonical JSON. Mappings in
here are never changed by anyone.
"""

from __future__ import annotations

from functools import cached_property

from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Value

ANY_TYPE = "any"


class Metadata(Record, frozen=True):
    """Who and what: the manifest's `metadata`."""

    name: str
    version: str
    author: str = ""
    description: str = ""
    category: str = "uncategorized"
    tags: tuple[str, ...] = ()
    license: str = ""
    created: str = ""
    updated: str = ""
    homepage: str = ""
    certified: bool = False


class Block(Record, frozen=True):
    """A value in the graph. `has_value` tells a constant null from no constant."""

    id: str
    type: str
    label: str = ""
    description: str = ""
    metadata: Frozen = field(default_factory=dict)
    schema: Frozen = field(default_factory=dict)
    config: Frozen = field(default_factory=dict)
    value: Value = None
    has_value: bool = False
    looped: bool = False


class Fallback(Record, frozen=True):
    """What an edge gives where it fails: a value for its targets, or without one nothing (they are not taken)."""

    value: Value = None
    has_value: bool = False

    @property
    def word(self) -> str:
        """`value` or `skip`."""
        return "value" if self.has_value else "skip"


class Edge(Record, frozen=True):
    """An operation that computes target blocks from source blocks.

    `when` are blocks that decide whether it runs: it does where at least one of them was taken. `on_error` is None
    where its failure ends the run.
    """

    id: str
    type: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    config: Frozen = field(default_factory=dict)
    metadata: Frozen = field(default_factory=dict)
    when: tuple[str, ...] = ()
    on_error: Fallback | None = None


class Port(Record, frozen=True):
    """One typed input or output of the interface. `type` is `any` where none is given."""

    name: str
    type: str = ANY_TYPE
    required: bool = False
    default: Value = None
    has_default: bool = False
    enum: tuple[Value, ...] = ()
    description: str = ""
    schema: Frozen = field(default_factory=dict)
    block: str = ""
    pii: bool = False


class Interface(Record, frozen=True):
    """Typed inputs and outputs."""

    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()


class Requirements(Record, frozen=True):
    """What a run needs, as written: Kubernetes quantities, Go-style durations."""

    compute: str = ""
    memory: str = ""
    storage: str = ""
    timeout: str = ""


class ExternalApi(Record, frozen=True):
    """A service outside the registry that a run talks to, its hosts, and the names of its secrets."""

    name: str
    version: str = "*"
    required: bool = True
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


class Requirement(Record, frozen=True):
    """A dependency on another workflow: an npm-style range in a named registry."""

    name: str
    range: str = "*"
    registry: str = "public"


class Environment(Record, frozen=True):
    """One environment's overrides and variables, and its limits: how fast and how much models may be asked.

    `governed` says that a registry's settings hold here: only they may let another model answer (`substitute`).
    `operator_address` is the `base_url` that they set: the operator's, unlike the manifest's own. `overlay` and
    `overlay_variables` are those of the overrides and variables that they and the deployment set: called workflows
    get these, too. `repeated` names the keys among them that say what the manifest says (`variables.NAME`).
    """

    name: str
    overrides: Frozen = field(default_factory=dict)
    variables: Frozen = field(default_factory=dict)
    limits: Frozen = field(default_factory=dict)
    governed: bool = False
    operator_address: str = ""
    overlay: Frozen = field(default_factory=dict)
    overlay_variables: Frozen = field(default_factory=dict)
    repeated: tuple[str, ...] = ()


class TestCase(Record, frozen=True):
    """A recorded example. `assertions` are promptfoo-style objects with a `type`.

    `answers` are written by hand: what edges give, by edge id, where nobody is asked.
    `threshold` is the score from 0 to 1 that the assertions together have to reach; without one, each has to hold.
    """

    __test__ = False  # not a pytest class

    name: str
    inputs: Frozen = field(default_factory=dict)
    expected: Frozen = field(default_factory=dict)
    assertions: tuple[Frozen, ...] = ()
    environment: str = ""
    runs: int = 1
    pass_rate: float = 1.0
    tolerance: float | None = None
    threshold: float | None = None
    answers: Frozen = field(default_factory=dict)


class Security(Record, frozen=True):
    """Access control and data privacy. `recipients` are models, hosts and services that may get personal data."""

    read: tuple[str, ...] = ("public",)
    execute: tuple[str, ...] = ("authenticated",)
    modify: tuple[str, ...] = ("owner", "collaborator")
    pii_handling: str = "keep"
    data_retention: str = ""
    encryption: str = ""
    recipients: tuple[str, ...] = ()


class Workflow(Record, frozen=True, dict=True):
    """One version of a workflow."""

    metadata: Metadata
    blocks: tuple[Block, ...]
    edges: tuple[Edge, ...]
    interface: Interface = field(default_factory=Interface)
    requirements: Requirements = field(default_factory=Requirements)
    external_apis: tuple[ExternalApi, ...] = ()
    requires: tuple[Requirement, ...] = ()
    environments: tuple[Environment, ...] = ()
    tests: tuple[TestCase, ...] = ()
    security: Security = field(default_factory=Security)
    # `x-` keys by where they stand: "" (top), "metadata", "spec", "blocks.<id>", "edges.<id>".
    extensions: Frozen = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self.metadata.name

    @property
    def version(self) -> str:
        """The version, a SemVer 2.0.0 string."""
        return self.metadata.version

    @property
    def reference(self) -> str:
        """`name:version`."""
        return f"{self.metadata.name}:{self.metadata.version}"

    @cached_property
    def block_by_id(self) -> dict[str, Block]:
        """Blocks by id."""
        return {block.id: block for block in self.blocks}

    @cached_property
    def edge_by_id(self) -> dict[str, Edge]:
        """Edges by id."""
        return {edge.id: edge for edge in self.edges}

    @cached_property
    def environment_by_name(self) -> dict[str, Environment]:
        """Environments by name."""
        return {environment.name: environment for environment in self.environments}

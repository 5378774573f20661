"""Where values come from that no author of the workflow wrote: whose words and whose data they may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen
from registry_tool.manifest.destinations import called, destinations, parts
from registry_tool.manifest.model import Edge, Port, Workflow
from registry_tool.manifest.services import ELASTIC, services_asked

_PUBLIC: Final = "public"
_READING: Final = frozenset({"GET", "HEAD"})
KEPT: Final = "keep"
"""The `pii_handling` that lets personal inputs through; every other one hides them before any edge sees them."""


INPUT, PERSONAL, ANSWER, OPENED, SECRET = "input", "personal", "answer", "opened", "secret"
COLLECTION: Final = "collection"
WORDS: Final = {
    INPUT: "the input {name}",
    PERSONAL: "the personal input {name}",
    ANSWER: "the answer of {name}",
    OPENED: "what {name} opens at {at}",
    SECRET: "the secret {name}",
    "page": "the page at {name}",
    "file": "the file that {name} loads",
    "tool": "what {name} gives",
    "found": "what {name} finds",
    "documents": "the documents in {name}",
    COLLECTION: "the collection {name}",
    "outputs": "the outputs of {name}",
    "private-workflow": "the private workflow {name}",
}
"""Kinds of sources, in words."""


class DataOrigin(Record, frozen=True):
    """A source: a kind and a name, `at` a host, `within` a called workflow (empty: this one)."""

    kind: str
    name: str
    at: str = ""
    untrusted: bool = False
    private: bool = False
    within: str = ""

    @property
    def words(self) -> str:
        """In words: `the answer of api.example.com`."""
        own = WORDS[self.kind].format(name=self.name, at=self.at)
        return f"{own} (in {self.within})" if self.within else own

    @property
    def given(self) -> bool:
        """Whether it is an input, whose words are the caller's own."""
        return self.kind in {INPUT, PERSONAL}

    @property
    def opened_by(self) -> tuple[str, str]:
        """The secret and the host that open it; empty for what none opens."""
        return (self.name, self.at) if self.kind in {OPENED, SECRET} else ("", "")


def input_origin(workflow: Workflow, port: Port) -> DataOrigin:
    """An input is its caller's words; marked `pii: true` and kept, it is somebody's data, too."""
    personal = port.pii and workflow.security.pii_handling == KEPT
    return DataOrigin(PERSONAL if personal else INPUT, port.name, untrusted=True, private=personal)


def origins_of(workflow: Workflow, edge: Edge) -> tuple[DataOrigin, ...]:
    """What an edge brings in from outside."""
    return tuple(dict.fromkeys(_brought(workflow, edge)))


def _brought(workflow: Workflow, edge: Edge) -> Iterator[DataOrigin]:
    for kind, config in parts(edge):
        if kind == "http":
            yield from _answers(workflow, edge, config)
        elif kind == "load":
            yield from _loaded(workflow, edge, config)
        elif kind == "external":
            yield _text("tool", str(config.get("service")))
        elif kind == "workflow":
            yield from _called(workflow, called(edge))
        elif config.get("collection"):
            yield _text(COLLECTION, str(config["collection"]))
        for service in sorted(services_asked(kind, config), key=lambda one: one.name):
            if kind != "rerank":  # which only sorts what it is given
                yield _text("found", service.title)
            if service is ELASTIC:
                yield _data("documents", service.title)


def _text(kind: str, name: str) -> DataOrigin:
    return DataOrigin(kind, name, untrusted=True)


def _data(kind: str, name: str, at: str = "") -> DataOrigin:
    return DataOrigin(kind, name, at, private=True)


def _answers(workflow: Workflow, edge: Edge, config: Frozen) -> Iterator[DataOrigin]:
    secret = secret_of(config)
    for host in hosts_of(workflow, edge):
        yield _text(ANSWER, host)
        if secret:
            yield _data(OPENED, secret, host)


def _loaded(workflow: Workflow, edge: Edge, config: Frozen) -> Iterator[DataOrigin]:
    """Pages and files; a text or a structured block is passed on as it is."""
    yield from (_text("page", host) for host in hosts_of(workflow, edge))
    known = workflow.block_by_id
    kinds = {known[name].type for name in edge.sources if name in known}
    if config.get("path") or "file" in {config.get("block_type") or "", *kinds}:
        yield _text("file", edge.id)


def _called(workflow: Workflow, name: str) -> Iterator[DataOrigin]:
    yield _text("outputs", name)
    if any(need.name == name and need.registry != _PUBLIC for need in workflow.requires):
        yield _data("private-workflow", name)


def authority(workflow: Workflow, edge: Edge) -> DataOrigin | None:
    """The secret with which an edge writes at its host; None for one that only reads, or has none."""
    for kind, config in parts(edge):
        secret = secret_of(config) if kind == "http" else ""
        if secret and not only_reads(edge):
            host = next(iter(hosts_of(workflow, edge)), "")
            return _data(SECRET, secret, host)
    return None


def only_reads(edge: Edge) -> bool:
    """Whether an `http` edge asks for something and changes nothing."""
    methods = [str(config.get("method") or "GET") for kind, config in parts(edge) if kind == "http"]
    return bool(methods) and all(method.upper() in _READING for method in methods)


def secret_of(config: Frozen) -> str:
    """The name of the secret that goes with an `http` edge's request; empty for none."""
    auth = config.get("auth")
    return str(auth.get("secret") or "") if isinstance(auth, dict) else ""


def hosts_of(workflow: Workflow, edge: Edge) -> list[str]:
    """The hosts that an edge asks, sorted."""
    prefix = "the host "
    found = destinations(workflow, edge)
    return sorted(name.removeprefix(prefix) for name in found if name.startswith(prefix))

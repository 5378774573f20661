"""Edges ask only hosts that the manifest declares, and hosts that are known before a run."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.addresses import is_odd_number, is_this_machine, literal
from registry_tool.core.finding import Problem
from registry_tool.core.values import Frozen, Route
from registry_tool.manifest.config_errors import EXTRA
from registry_tool.manifest.destinations import ASKING, nested_config
from registry_tool.manifest.hosts import PORTS, host_and_port, is_declared
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.services import services_asked
from registry_tool.rules.base import Rule, Subject

_ASKING = ASKING | {"chunk", "search", "map"}
_DECLARE = "add it to hosts of an entry in spec.runtime.dependencies.external_apis"


def _check(subject: Subject) -> Iterator[Problem]:
    workflow = subject.workflow
    yield from _models(workflow)
    for position, edge in enumerate(workflow.edges):
        route: Route = ("spec", "edges", position, "config")
        yield from _edge(workflow, edge.type, edge.config, route)
        nested = edge.config.get("edge")
        if edge.type == "map" and isinstance(nested, dict):
            config = nested_config(nested)
            yield from _edge(workflow, str(nested.get("type")), config, (*route, "edge", "config"))


def _models(workflow: Workflow) -> Iterator[Problem]:
    """The addresses of models' servers that blocks and environments name; the operator's own need no word."""
    for position, block in enumerate(workflow.blocks):
        yield from _server(workflow, block.config, ("spec", "blocks", position, "config"))
    for environment in workflow.environments:
        route: Route = ("spec", "runtime", "environments", environment.name)
        yield from _server(workflow, environment.overrides, route)


def _server(workflow: Workflow, config: Frozen, route: Route) -> Iterator[Problem]:
    extra = config.get(EXTRA)
    if isinstance(extra, dict) and extra.get("base_url"):
        yield from _server(workflow, extra, (*route, EXTRA))
    elif address := config.get("base_url"):
        yield from _url(workflow, str(address), (*route, "base_url"))


def _edge(workflow: Workflow, kind: str, config: Frozen, route: Route) -> Iterator[Problem]:
    if kind == "http" and isinstance(config.get("url"), str):
        yield from _url(workflow, str(config["url"]), (*route, "url"))
        yield from _secret(config, (*route, "url"))
    if kind in _ASKING:
        yield from _server(workflow, config, route)
    named = {api.name for api in workflow.external_apis}
    hosts = {host for api in workflow.external_apis for host in api.hosts}
    for service in sorted(services_asked(kind, config), key=lambda service: service.name):
        if service.name not in named and service.host not in hosts:
            yield Problem(
                route[:3],
                f"the edge asks {service.title}, which no entry of external_apis names",
                f"add {{ name: {service.name} }} to spec.runtime.dependencies.external_apis",
            )


def _secret(config: Frozen, route: Route) -> Iterator[Problem]:
    url = str(config["url"]).strip()
    if config.get("auth") and url.lower().startswith("http://"):
        yield Problem(route, "the secret would be sent without encryption", "write https://")


def _url(workflow: Workflow, url: str, route: Route) -> Iterator[Problem]:
    scheme, _, rest = url.strip().partition("://")
    authority = rest.split("/", 1)[0].split("?", 1)[0]
    if scheme.lower() not in PORTS or not authority:
        yield Problem(
            route, f"{url[:60]!r} is not an address of http or https", "write https://host/path"
        )
        return
    if "{{" in authority or "@" in authority:
        yield Problem(
            route,
            "the host of an address must be known before a run",
            "write the host out; templates may stand in path and query, secrets in auth",
            token=authority,
        )
        return
    try:
        host, port = host_and_port(scheme.lower(), authority)
    except ValueError:
        yield Problem(route, f"{authority[:60]!r} is not a host", "write it as host or host:port")
        return
    address = literal(host)
    known = [declared for api in workflow.external_apis for declared in api.hosts]
    if is_odd_number(host):
        yield Problem(route, f"{authority[:60]!r} is not a host", "write it as host or host:port")
    elif host.rsplit(".", 1)[-1] == "localhost" or (
        address is not None and is_this_machine(address)
    ):
        yield Problem(
            route,
            f"{host} is the machine that runs the workflow",
            "name a public host; what runs beside it belongs into a code edge",
            token=authority,
        )
    elif not is_declared(known, host, port, scheme.lower()):
        yield Problem(route, f"the host {authority} is not declared", _DECLARE, token=authority)


RULE = Rule("declared-hosts", "Edges ask only hosts that the manifest declares.", _check)

"""`httpRequest` nodes: an `http` edge for each item, to the host that is written out in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.credentials import REMOVED
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork, Prepared, mapped, retries

_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?")
_SECRET_NAMES: Final = re.compile(
    r"(proxy-)?authorization|cookie|(x-)?([a-z]+-)?api-?(key|token)|(x-)?(auth|access|private|session)-(token|key)|"
    r"access_token|api_?key|token",
    re.I,
)
_PARAMETER: Final = re.compile(r"([?&])([^=&#?{}]+)=([^&#{}]*)")
_TO_ITEMS: Final = """    found = []
    for value in items:
        for one in value if isinstance(value, list) else [value]:
            found.append(one if isinstance(one, dict) else {"data": one})
    return found
"""


def http_request(node: FlowNode, work: FlowWork) -> NodeReport:
    """Address, parameters, headers and body; a credential becomes a secret of the environment."""
    given, prepared = node.parameters, Prepared(work, node)
    url, keys = _without_keys(text_of(given, "url"))
    host = _host(url)
    numbers: dict[tuple[str, str], int] = {("url", ""): prepared.text(url)}
    pairs: list[tuple[str, str, Value]] = []
    for place, items in (("query", [*keys, *_query(given)]), ("headers", _headers(given))):
        pairs += [(place, name, value) for name, value in items]
    auth, why = _auth(node, pairs, work)
    for place, name, value in pairs:
        numbers[place, name] = prepared.text(value)
    body = _body(given, prepared, numbers)
    over, templates = prepared.over()
    config: Object = {
        "url": templates[0],
        "method": text_of(given, "method", text_of(given, "requestMethod", "GET")).upper(),
    }
    for (place, name), number in numbers.items():
        if place in {"query", "headers"}:
            holder = config.setdefault(place, {})
            if isinstance(holder, dict):
                holder[name] = templates[number]
    if body is not None:
        config["body"] = _filled(body, templates)
        if REMOVED in json.dumps(config["body"]):
            raise NotRunnableError(
                "its body holds a secret; an http edge sends one as a header or a parameter alone"
            )
    _options(node, config, work)
    if auth:
        config["auth"] = auth
    work.project.asks(host, [host], [str(auth["secret"])] if auth else [])
    inner: Object = {"type": "http", "config": {**config, **retries(node)}}
    results = mapped(node, work, over, inner, [])
    _items(node, work, results)
    return NodeReport(node.name, node.type, NodeStatus.NEEDS if auth else NodeStatus.RUNS, why)


def _items(node: FlowNode, work: FlowWork, results: str) -> None:
    """The answers as items: a list becomes several, a text `data`; those that failed leave by their own output."""
    from registry_tool.importers.project import EdgeEnds

    targets = work.outputs[node.name]
    code = f"def main(inputs):\n    items = inputs[{results!r}] or []\n{_TO_ITEMS}"
    if len(targets) > 1:
        code = code.replace("    return found\n", "")
        code += "    ill = [one for one in found if set(one) == {'error'}]\n"
        code += "    well = [one for one in found if set(one) != {'error'}]\n"
        code += f"    pairs = {{{targets[0]!r}: well, {targets[1]!r}: ill}}\n"
        code += "    return {name: items for name, items in pairs.items() if items}\n"
    edge = work.project.new_id(f"{targets[0]} items")
    work.project.edge(edge, "code", EdgeEnds([results], targets[:2]), {"code": code})


def _host(url: str) -> str:
    written = url.removeprefix("=")
    try:
        host = urlsplit(written).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    if not written.lower().startswith(("http://", "https://")) or not _HOST.fullmatch(host):
        raise NotRunnableError("its address names no host; an http edge has the host written out")
    return host


def _without_keys(url: str) -> tuple[str, list[tuple[str, Value]]]:
    """An address without the parameters in it that authorise, and these."""
    keys: list[tuple[str, Value]] = []

    def taken(match: re.Match[str]) -> str:
        if not _SECRET_NAMES.fullmatch(match[2]) or not match[3]:
            return match[0]
        keys.append((match[2], unquote(match[3])))
        return match[1]

    text = _PARAMETER.sub(taken, url)
    return (re.sub(r"([?&])&+", r"\1", text).rstrip("?&") if keys else url), keys


def _listed(holder: Value) -> Iterator[tuple[str, Value]]:
    for item in holder if isinstance(holder, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            yield name, item.get("value")


def _query(given: Frozen) -> list[tuple[str, Value]]:
    found = list(_listed(sub_object(given, "queryParameters").get("parameters")))
    return found + list(_listed(sub_object(given, "queryParametersUi").get("parameter")))


def _headers(given: Frozen) -> list[tuple[str, Value]]:
    found = list(_listed(sub_object(given, "headerParameters").get("parameters")))
    found += _listed(sub_object(given, "headerParametersUi").get("parameter"))
    for key in ("jsonHeaders", "headerParametersJson"):
        found += _object_of(given.get(key))
    return found


def _object_of(written: Value) -> list[tuple[str, Value]]:
    if not isinstance(written, str) or not written.strip() or written.startswith("="):
        return []
    try:
        parsed = json.loads(written)
    except (ValueError, RecursionError):
        return []
    return list(parsed.items()) if isinstance(parsed, dict) else []


def _body(
    given: Frozen, prepared: Prepared, numbers: dict[tuple[str, str], int]
) -> Mapping[str, int] | int | None:
    """The number of the body's template, or of each field's; None without a body."""
    if given.get("sendBody") is not True and "bodyParametersUi" not in given:
        return (
            None
            if not given.get("bodyParametersJson")
            else prepared.text(given["bodyParametersJson"])
        )
    kind = text_of(given, "contentType", "json")
    if kind not in {"json", "raw"}:
        raise NotRunnableError(f"it sends {kind}; an http edge sends JSON and text")
    if kind == "raw":
        return prepared.text(given.get("body"))
    if text_of(given, "specifyBody", "keypair") != "keypair":
        numbers["headers", "content-type"] = prepared.text("application/json")
        return prepared.text(given.get("jsonBody", given.get("body")))
    fields = [
        *_listed(sub_object(given, "bodyParameters").get("parameters")),
        *_listed(sub_object(given, "bodyParametersUi").get("parameter")),
    ]
    return {name: prepared.text(value) for name, value in fields}


def _filled(body: Mapping[str, int] | int, templates: list[str]) -> Value:
    if isinstance(body, int):
        return templates[body]
    return {name: templates[number] for name, number in body.items()}


def _options(node: FlowNode, config: Object, work: FlowWork) -> None:
    options = sub_object(node.parameters, "options")
    if isinstance(wait := options.get("timeout"), int) and wait > 0:
        config["timeout"] = f"{min(wait, 3_600_000)}ms"
    response = sub_object(sub_object(options, "response"), "response")
    if response.get("fullResponse") is True:
        config["response"] = "full"
    elif text_of(response, "responseFormat") in {"json", "text"}:
        config["response"] = text_of(response, "responseFormat")
    for key in sorted(set(options) - {"timeout", "response", "redirect"}):
        work.lose(node, f"the option {key}", "an http edge has no such field")
    if response.get("neverError") is True:
        work.lose(node, "answers with any status", "expect_status says which are no failure")


def _auth(
    node: FlowNode, pairs: list[tuple[str, str, Value]], work: FlowWork
) -> tuple[Object, str]:
    """How it authorises, without the secret; a header that does is taken out of the others."""
    stem = re.sub(r"[^A-Z0-9]+", "_", node.name.upper()).strip("_")[:55]
    name = f"{stem if stem[:1].isalpha() else f'HTTP_{stem}'.rstrip('_')}_KEY"
    written = [one for one in pairs if _SECRET_NAMES.fullmatch(one[1]) and "{{" not in str(one[2])]
    pairs[:] = [one for one in pairs if one not in written]
    for number, (_, header, value) in enumerate(written):
        why = f"it authorises: set {name} in the environment instead"
        work.lose(
            node, header, "it authorises, too: an http edge has one secret" if number else why
        )
        work.removed.append(str(value).removeprefix("=").removeprefix("Bearer ").strip())
    for place, header, value in written[:1]:
        if place == "query":
            return {"secret": name, "type": "query", "name": header}, _set(name)
        bearer = str(value).removeprefix("=").startswith("Bearer ")
        form: Object = {"type": "bearer"} if bearer else {"type": "header", "name": header}
        return {"secret": name, **form}, _set(name)
    credentials = sub_object(node.settings, "credentials")
    if not credentials:
        return {}, ""
    kind = next(iter(credentials))
    work.lose(node, f"the credential {kind}", f"a manifest holds no secrets; set {name}")
    if kind == "httpBasicAuth":
        return {"secret": name, "type": "basic"}, _set(name)
    if kind in {"httpHeaderAuth", "httpQueryAuth"}:
        place = "header" if kind == "httpHeaderAuth" else "query"
        field = "Authorization" if place == "header" else "api_key"
        why = f"{_set(name)}; the {place}'s name stands in n8n's credential: {field} is a guess"
        return {"secret": name, "type": place, "name": field}, why
    return {"secret": name, "type": "bearer"}, _set(name)


def _set(name: str) -> str:
    return f"set the secret {name} in the environment"

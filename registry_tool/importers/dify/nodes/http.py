"""`http-request` nodes: an `http` edge to the host that is written out in them."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import selectors_in, unique
from registry_tool.importers.dify.work import NodeStep, NotRunnableError, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeStatus

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "body": ("body",),
    "status_code": ("status",),
    "headers": ("headers",),
}
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?")
_SECRET_HEADERS: Final = frozenset(
    {"authorization", "x-api-key", "api-key", "apikey", "x-auth-token", "x-goog-api-key"}
)


def http_request(node: Node, work: Work) -> NodeStep:
    """Address, parameters, headers, body; what authorises becomes a secret of the environment."""
    url = text_of(node.data, "url").strip()
    host = _host(url)
    reads: list[str] = []
    config: Object = {
        "url": _filled(node, url, work, reads),
        "method": text_of(node.data, "method", "get").upper(),
        "response": "full",
    }
    if query := _pairs(node, text_of(node.data, "params"), work, reads):
        config["query"] = query
    headers = _pairs(node, text_of(node.data, "headers"), work, reads)
    auth = _auth(node, work) or _auth_of_headers(node, headers, work)
    if headers:
        config["headers"] = headers
    if (body := _body(node, work, reads)) is not None:
        config["body"] = body
    secrets: list[str] = []
    if auth:
        config["auth"] = auth
        secrets = [str(auth["secret"])]
    work.project.asks(host, [host], secrets)
    status = NodeStatus.NEEDS if secrets else NodeStatus.RUNS
    why = f"set the secret {secrets[0]} in the environment" if secrets else ""
    return NodeStep("http", config, unique(reads), _FIELDS, "structured", {}, status, why)


def _host(url: str) -> str:
    try:
        host = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    if not url.lower().startswith(("http://", "https://")) or not _HOST.fullmatch(host):
        raise NotRunnableError("its address names no host; an http edge has the host written out")
    return host


def _filled(node: Node, text: str, work: Work, reads: list[str]) -> str:
    found = work.text(node, text)
    reads += found.reads
    return found.template


def _pairs(node: Node, text: str, work: Work, reads: list[str]) -> Object:
    """Lines of `name:value`."""
    found: Object = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name.strip():
            found[name.strip()] = _filled(node, value.strip(), work, reads)
    return found


def _body(node: Node, work: Work, reads: list[str]) -> Value:
    body = sub_object(node.data, "body")
    kind, data = text_of(body, "type", "none"), body.get("data")
    if kind in {"none", ""} or not data:
        return None
    if kind in {"form-data", "binary", "x-www-form-urlencoded"}:
        raise NotRunnableError(f"it sends {kind}; an http edge sends JSON and text")
    text = data if isinstance(data, str) else "\n".join(_lines(data))
    if kind == "json" and not selectors_in(text):
        try:
            parsed: Value = json.loads(text)
        except ValueError:
            parsed = text
        return (
            parsed
            if isinstance(parsed, dict | list) and "{{" not in text
            else _filled(node, text, work, reads)
        )
    return _filled(node, text, work, reads)


def _lines(data: Value) -> list[str]:
    items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    return [text_of(item, "value") for item in items]


def _secret_name(node: Node, work: Work) -> str:
    stem = re.sub(r"[^A-Z0-9]+", "_", (node.title or "HTTP").upper()).strip("_")
    stem = stem if stem[:1].isalpha() else f"HTTP_{stem}".rstrip("_")
    return f"{stem[:55]}_KEY"


def _auth(node: Node, work: Work) -> Object:
    authorization = sub_object(node.data, "authorization")
    if text_of(authorization, "type", "no-auth") in {"no-auth", ""}:
        return {}
    config: Frozen = sub_object(authorization, "config")
    if key := text_of(config, "api_key"):
        work.removed.append(key)
    name = _secret_name(node, work)
    work.lose(
        node,
        "its key",
        f"a manifest holds no secrets; set {name} in the environment, and revoke the one in the export",
    )
    kind = text_of(config, "type", "bearer")
    if kind == "custom":
        return {
            "secret": name,
            "type": "header",
            "name": text_of(config, "header") or "Authorization",
        }
    return {"secret": name, "type": kind if kind in {"basic", "bearer"} else "bearer"}


def _auth_of_headers(node: Node, headers: Object, work: Work) -> Object:
    """A header that authorises, taken out of the others."""
    found = next((name for name in headers if name.casefold() in _SECRET_HEADERS), "")
    if not found:
        return {}
    value = str(headers.pop(found))
    bearer = value.startswith("Bearer ")
    if "{{" not in value:
        work.removed.append(value.removeprefix("Bearer ").strip())
    name = _secret_name(node, work)
    work.lose(node, f"the header {found}", f"it authorises: set {name} in the environment instead")
    return (
        {"secret": name, "type": "bearer"}
        if bearer
        else {"secret": name, "type": "header", "name": found}
    )

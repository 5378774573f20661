"""`http-request` nodes: an `http` edge to the host that is written out in them."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.http_forms import FORMS, form_body
from registry_tool.importers.dify.references import selectors_in, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeStatus, NotRunnableError

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
    url = _with_constants(text_of(node.data, "url").strip(), work)
    host = _host(url)
    reads: list[str] = []
    config: Object = {
        "url": _filled(node, url, work, reads),
        "method": text_of(node.data, "method", "get").upper(),
        "response": "full",
    }
    auth = _auth(node, work)
    for key, place in (("params", "query"), ("headers", "headers")):
        pairs = _lines_of(text_of(node.data, key))
        auth = auth or _auth_of_pairs(node, pairs, place, work)
        if pairs:
            filled = {name: _filled(node, value, work, reads) for name, value in pairs.items()}
            config[place] = dict[str, Value](filled)
    if (body := _body(node, config, work, reads)) is not None:
        config["body"] = body
    _settings(node, config, work)
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


def _lines_of(text: str) -> dict[str, str]:
    """Lines of `name:value`."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _with_constants(url: str, work: Work) -> str:
    """The address with the environment's constants written out, so that it names its host."""
    for variable in work.app.environment:
        value = variable.get("value")
        if variable.get("value_type") != "secret" and isinstance(value, str) and "{{" not in value:
            url = url.replace(f"{{{{#env.{variable['name']}#}}}}", value)
    return url


def _settings(node: Node, config: Object, work: Work) -> None:
    """How long it may take, and what differs from Dify."""
    wanted = sub_object(node.data, "timeout")
    seconds = wanted.get("max_read_timeout") or wanted.get("read")
    if isinstance(seconds, int) and seconds > 0:
        config["timeout"] = f"{min(seconds, 3600)}s"
    if node.data.get("ssl_verify") is False:
        work.lose(node, "certificates that nobody checks", "an http edge checks them")
    again = sub_object(node.data, "retry_config").get("retry_enabled") is True
    if not again and not text_of(node.data, "error_strategy"):
        config["expect_status"] = "any"  # Dify looks at it only where it does something about it


def _body(node: Node, config: Object, work: Work, reads: list[str]) -> Value:
    body = sub_object(node.data, "body")
    kind, data = text_of(body, "type", "none"), body.get("data")
    if kind in {"none", ""} or not data:
        return None
    if kind == "binary":
        raise NotRunnableError("it sends a file; an http edge sends JSON and text")
    if kind in FORMS:
        header, block = form_body(node, kind, data, work)
        config["headers"] = {**sub_object(config, "headers"), "content-type": header}
        reads.append(block)
        return f"{{{{{block}}}}}"
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


def _auth_of_pairs(node: Node, pairs: dict[str, str], place: str, work: Work) -> Object:
    """A header or parameter that authorises, taken out of the others."""
    secrets = {
        f"{{{{#env.{variable['name']}#}}}}"
        for variable in work.app.environment
        if variable.get("value_type") == "secret"
    }
    found = next(
        (
            name
            for name, value in pairs.items()
            if (place == "headers" and name.casefold() in _SECRET_HEADERS)
            or any(one in value for one in secrets)
        ),
        "",
    )
    if not found:
        return {}
    value = pairs.pop(found)
    if "{{" not in value:
        work.removed.append(value.removeprefix("Bearer ").strip())
    name = _secret_name(node, work)
    what = "header" if place == "headers" else "parameter"
    work.lose(node, f"the {what} {found}", f"it authorises: set {name} in the environment instead")
    if what == "header" and value.startswith("Bearer "):
        return {"secret": name, "type": "bearer"}
    return {"secret": name, "type": "header" if what == "header" else "query", "name": found}

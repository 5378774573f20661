"""Findings as SARIF 2.1.0, the format that code scanning and editors read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from urllib.parse import quote

from registry_tool.core.finding import Finding, Severity, in_order
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_URI = ":/?#[]@!$&'()*+,;=%~"
"""Signs that have a meaning in an address (RFC 3986, 2.2), and stay."""
_LEVELS = {
    Severity.ERROR: "error",
    Severity.HOLD: "warning",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def sarif_report(
    findings: Iterable[Finding],
    rules: Mapping[str, str],
    version: str,
    not_checked: Sequence[str] = (),
    registry: str = "",
) -> Object:
    """A SARIF log with one run of registry-tool `version`. `rules` are summaries by rule id.

    `not_checked` are sentences about what could not be judged; they become notifications of the run. `registry`
    is the address of the registry's site, which has a page on each of `rules`; empty where nobody knows it.

    Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    ordered = in_order(sorted(findings, key=lambda finding: (finding.severity, finding.help)))
    ids = sorted(rules.keys() | {finding.rule for finding in ordered})
    driver: Object = {
        "name": "registry-tool",
        "version": version,
        "rules": [_rule(id_, rules.get(id_, id_), registry if id_ in rules else "") for id_ in ids],
    }
    run: Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, ids.index(finding.rule)) for finding in ordered],
    }
    if not_checked:
        notes: list[Value] = [{"level": "warning", "message": _message(n)} for n in not_checked]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id_: str, summary: str, registry: str) -> Object:
    rule: Object = {"id": id_, "shortDescription": _message(summary), "help": _message(summary)}
    if registry:
        address = quote(_utf8(registry.rstrip("/")), safe=_URI)
        rule["helpUri"] = f"{address}/rules/{quote(id_)}/"
    return rule


def _result(finding: Finding, index: int) -> Object:
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": _message("\n".join(filter(None, (finding.message, finding.help)))),
        "locations": [{"physicalLocation": _place(finding)}],
        "partialFingerprints": {"findingHash/v1": _fingerprint(finding)},
    }


def _place(finding: Finding) -> Object:
    location: Object = {
        "artifactLocation": {"uri": quote(_utf8(finding.path)), "uriBaseId": "%SRCROOT%"}
    }
    counted = {"startLine": finding.line, "startColumn": finding.column}
    if finding.line > 0:
        location["region"] = cast(Value, {key: at for key, at in counted.items() if at > 0})
    return location


def _message(text: str) -> Object:
    # `[text](address)` is a link even in plain text (SARIF, 3.11.6): a stranger's is pulled apart.
    return {"text": _utf8(inert(text)).decode().replace("](", "] (")}


def _fingerprint(finding: Finding) -> str:
    """A fingerprint that stays when the finding's line moves."""
    identity = "\0".join((finding.rule, finding.path, finding.message))
    return hashlib.sha256(_utf8(identity)).hexdigest()[:32]


def _utf8(text: str) -> bytes:
    """UTF-8 where a lone surrogate, which has none, is a \\u escape."""
    return text.encode("utf-8", "backslashreplace")

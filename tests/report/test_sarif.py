from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator, FormatChecker

from registry_tool.core.finding import Finding, Severity
from registry_tool.report.sarif import sarif_report
from registry_tool.rules.all_rules import SUMMARIES
from registry_tool.site.documents.articles import rules as pages_of_rules
from tests.node_tools import node_tool

SCHEMA = "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
RULES = {"schema": "Fits the schema.", "edge-ends": "Edges end at blocks."}
FINDING = Finding("a/b.yaml", 2, 3, "edge-ends", Severity.ERROR, "no such block", "did you mean x?")
PATHS = [
    "a b/100%.yaml",
    "工作流/é.yaml",
    "a#b?c.yaml",
    "a:b.yaml",
    "a\n::error::\u202e.yaml",
    "%41",
]
TEXTS = [
    "\x1b[31mred\x1b]8;;http://e\x07\r\n::set-output a::b",
    "\u202eright to left\u2066 \u200b",
    "\"quotes\" 'single' `back` \\ </script>",
    "${{ github.token }} {0} {{who}}",
    "[click](javascript:alert(1))",
    "long " * 20_000,
    "a lone \ud800 surrogate",
    "",
]


def run(*findings: Finding) -> Any:
    """The one run of the findings' log, as a reader of its JSON gets it."""
    [only] = as_read(*findings)["runs"]
    return only


def as_read(*findings: Finding) -> Any:
    return json.loads(json.dumps(sarif_report(findings, RULES, "1.2.3"), ensure_ascii=False))


def hostile() -> list[Finding]:
    by_text = [replace(FINDING, message=text, help=text, rule="unheard-of") for text in TEXTS]
    by_path = [replace(FINDING, path=path, line=0, column=0) for path in PATHS]
    return by_text + by_path + [replace(FINDING, severity=severity) for severity in Severity]


def test_a_finding_says_where_what_and_the_way_out() -> None:
    [result] = run(FINDING)["results"]
    assert len(result.pop("partialFingerprints")["findingHash/v1"]) == 32
    assert result == {
        "ruleId": "edge-ends",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "no such block\ndid you mean x?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a/b.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 2, "startColumn": 3},
                }
            }
        ],
    }


def test_the_tool_lists_its_rules() -> None:
    driver = run()["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("registry-tool", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["edge-ends", "schema"]
    assert driver["rules"][1]["shortDescription"] == {"text": "Fits the schema."}
    assert driver["rules"][1]["help"] == {"text": "Fits the schema."}


@pytest.mark.parametrize(
    ("registry", "page"),
    [
        ("https://example.com/ours", "https://example.com/ours/rules/schema/"),
        ("https://example.com/ours/", "https://example.com/ours/rules/schema/"),
        ("http://[::1]:8000/目录/%20", "http://[::1]:8000/%E7%9B%AE%E5%BD%95/%20/rules/schema/"),
    ],
)
def test_a_rules_help_is_its_page_on_the_registrys_site(registry: str, page: str) -> None:
    schema = json.loads(node_tool(SCHEMA).read_text(encoding="utf-8"))
    log: Any = sarif_report([replace(FINDING, rule="unheard-of")], RULES, "1.2.3", (), registry)
    rules = {rule["id"]: rule.get("helpUri") for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["schema"] == page
    assert rules["unheard-of"] is None  # the site has a page on the rules that there are
    assert not list(Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(log))
    assert "helpUri" not in json.dumps(as_read(FINDING))


def test_every_rule_that_has_an_address_has_a_page() -> None:
    assert set(SUMMARIES) <= set(pages_of_rules())


def test_every_result_points_at_its_rule_even_an_unknown_one() -> None:
    answer = run(FINDING, replace(FINDING, rule="unheard-of"), replace(FINDING, rule="schema"))
    rules = answer["tool"]["driver"]["rules"]
    assert len(answer["results"]) == 3
    for result in answer["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.ERROR, "error"),
        (Severity.HOLD, "warning"),
        (Severity.WARNING, "warning"),
        (Severity.INFO, "note"),
    ],
)
def test_severities_become_levels(severity: Severity, level: str) -> None:
    [result] = run(replace(FINDING, severity=severity))["results"]
    assert result["level"] == level


@pytest.mark.parametrize("path", PATHS)
def test_a_path_becomes_an_address_and_comes_back(path: str) -> None:
    [result] = run(replace(FINDING, path=path))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"([\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)
    assert unquote(uri) == path


def test_a_file_without_lines_has_no_region() -> None:
    [result] = run(replace(FINDING, line=0, column=0))["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    [result] = run(replace(FINDING, column=0))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_a_message_is_only_text() -> None:
    for result in run(*hostile())["results"]:
        text = result["message"]["text"]
        assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202e\u2066\ud800]", text)
        assert "](" not in text


def test_a_fingerprint_outlives_moved_lines_but_not_another_message() -> None:
    moved = replace(FINDING, line=9, column=1, help="")
    others = [
        replace(FINDING, **{key: "other"})  # type: ignore[arg-type]
        for key in ("rule", "path", "message")
    ]
    prints = [
        run(finding)["results"][0]["partialFingerprints"]["findingHash/v1"]
        for finding in (FINDING, moved, *others)
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4


def test_the_order_of_findings_and_rules_does_not_matter() -> None:
    rules_reversed = dict(reversed(RULES.items()))
    backwards = sarif_report(reversed(hostile()), rules_reversed, "1.2.3")
    assert json.dumps(backwards) == json.dumps(sarif_report(hostile(), RULES, "1.2.3"))


def test_hostile_findings_fit_the_schema() -> None:
    schema = json.loads(node_tool(SCHEMA).read_text(encoding="utf-8"))
    validator = Draft4Validator(schema, format_checker=FormatChecker())
    for log in (as_read(), as_read(*hostile())):
        assert [error.message for error in validator.iter_errors(log)] == []
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{}]}))

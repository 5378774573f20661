from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import Finding, FindingsError
from registry_tool.manifest.schemas import SCHEMA_FILES, schema_problems, schema_text
from registry_tool.manifest.source import load_document


def refused(text: str) -> Finding:
    with pytest.raises(FindingsError) as caught:
        load_document(text, "manifest.yaml")
    [finding] = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a:\n\tb: 1\n", 2, 1, "a tab"),
        ("a:\n  b: 1\n \tc: 2\n", 3, 2, "a tab"),
        ("a:\t- b\n\t- c\n", 1, 3, "a tab"),
        ('a: "open\nb: 1\n', 1, 4, 'the quote " that opens here'),
        ('a: "open\nb: "shut"\nc: 1\n', 1, 4, 'the quote " that opens here'),
        ("a: 'open\nb: it's\n", 1, 4, "the quote ' that opens here"),
        ("a: [x, 'open]\nb: 1\n", 1, 8, "the quote ' that opens here"),
        ('a: { b: "open }\nc: "x"\n', 1, 9, 'the quote " that opens here'),
        ("a: |\n  it's \"fine\n  \"\nb: 'open\n", 4, 4, "the quote ' that opens here"),
        ("# don't\na: it's\nb: \"open\n", 3, 4, 'the quote " that opens here'),
        ("a: @home\n", 1, 4, "can't begin with @"),
        ("a: `code`\n", 1, 4, "can't begin with a backtick"),
    ],
)
def test_it_says_what_was_meant_and_where(text: str, line: int, column: int, says: str) -> None:
    finding = refused(text)
    assert says in finding.message
    assert (finding.line, finding.column) == (line, column)
    assert finding.help


@pytest.mark.parametrize("text", ['a: "two\n  lines"\n', "a: it's\nb: 5\" disk\n", "a: 'it''s'\n"])
def test_what_is_fine_stays_fine(text: str) -> None:
    load_document(text, "manifest.yaml")


@given(st.text(alphabet="ab:'\"|>#-[]{}, \t\n\\@", max_size=60))
def test_whatever_stands_there_a_finding_lies_in_the_text(text: str) -> None:
    try:
        load_document(text, "manifest.yaml")
    except FindingsError as refusal:
        for finding in refusal.findings:
            assert finding.message
            assert 1 <= finding.line <= text.count("\n") + 2


def problem(**runtime: object) -> tuple[str, str]:
    value = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {"blocks": [], "edges": [], "runtime": {"requirements": runtime}},
    }
    [found] = schema_problems(value)  # type: ignore[arg-type]
    return found.message, found.help


def test_quantities_and_durations_come_with_examples() -> None:
    assert "512Mi" in problem(memory="1 GB")[1]
    assert "5m" in problem(timeout="5 minutes")[1]


def patterns(value: object) -> list[dict[str, object]]:
    if isinstance(value, list):
        return [found for item in value for found in patterns(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("pattern"), str) else []
    own = [schema for schema in own if not isinstance(schema.get("type"), list)]
    below = [
        item for key, item in value.items() if key != "edges"
    ]  # they have a check of their own
    return own + patterns(below)


@pytest.mark.parametrize("name", SCHEMA_FILES[:3])
def test_every_pattern_says_in_words_what_it_wants(name: str) -> None:
    found = patterns(json.loads(schema_text(name)))
    assert found
    for schema in found:
        words = str(schema.get("$comment", ""))
        assert words, schema
        examples = (
            re.split(r" or |, ", words.partition("such as ")[2]) if "such as" in words else []
        )
        assert all(re.search(str(schema["pattern"]), example) for example in examples if example), (
            schema
        )

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
        ("a: {{text}}\n", 1, 4, "must stand in quotes"),
        ("a: {{text}} and more\n", 1, 4, "must stand in quotes"),
        ("a:\n  - {{ text.path }}\n", 2, 5, "must stand in quotes"),
        ("a: { b: {{text}} }\n", 1, 9, "must stand in quotes"),
        ("a: [{{text}}, c]\n", 1, 5, "must stand in quotes"),
        ("a: Greets: whoever\n", 1, 10, "a second key in one line"),
        ("a: `code`\n", 1, 4, "can't begin with a backtick"),
    ],
)
def test_it_says_what_was_meant_and_where(text: str, line: int, column: int, says: str) -> None:
    finding = refused(text)
    assert says in finding.message
    assert (finding.line, finding.column) == (line, column)
    assert finding.help


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: yes\n", "write true, or the word in quotes if a string is meant"),
        ("a: Off\n", "write false, or the word in quotes if a string is meant"),
        ("a: 1:30\n", "write it in quotes if a string is meant"),
        ("a: {{text}}\n", 'write it in quotes: "{{text}}"'),
        ("title: Greets: whoever\n", 'write the text after "title:" in quotes'),
        ("", "`puppy-cli init NAME` writes a first one"),
    ],
)
def test_the_way_out_is_what_to_write(text: str, hint: str) -> None:
    assert refused(text).help == hint


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


@pytest.mark.parametrize(
    ("route", "value", "says", "hint"),
    [
        (("kind",), "workflow", "must be 'Workflow'", "write Workflow"),
        (("spec", "runtime", "requirements", "timeout"), 300, "of type string", "such as 90s"),
        (("security", "access_control", "read"), "public", "of type array", "write a list"),
        (("metadata", "author"), 5, "of type string", 'write "5" in quotes'),
    ],
)
def test_the_way_out_of_a_wrong_value_leads_out(
    route: tuple[str, ...], value: object, says: str, hint: str
) -> None:
    document: dict[str, object] = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {"blocks": [{"id": "a", "type": "text"}], "edges": []},
    }
    *above, key = route
    location: dict[str, object] = document
    for step in above:
        location = location.setdefault(step, {})  # type: ignore[assignment]
    location[key] = value
    found = [p for p in schema_problems(document) if p.route == route]  # type: ignore[arg-type]
    assert [(says in p.message, hint in p.help) for p in found] == [(True, True)]


def test_a_misspelt_key_is_not_missing_as_well_and_a_missing_one_says_what_it_can_be() -> None:
    block, edge = {"id": "a", "typ": "text"}, {"id": "e", "source": "a", "target": "a"}
    spec = {"blocks": [block], "edges": [edge]}
    about = {"name": "a", "version": "1.0.0"}
    document = {"apiVersion": "puppyai.com/v1", "kind": "Workflow", "metadata": about, "spec": spec}
    result = {p.route: (p.message, p.help) for p in schema_problems(document)}  # type: ignore[arg-type]
    assert [*result] == [("spec", "blocks", 0, "typ"), ("spec", "edges", 0)]
    assert "did you mean 'type'?" in result["spec", "blocks", 0, "typ"][1]
    assert result["spec", "edges", 0][1].startswith("add it: one of llm, code, modify")

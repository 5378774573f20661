"""The door: what passes, what is refused, and where the finding points."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import Finding, FindingsError
from registry_tool.manifest.load import load

GOOD = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: "greet"
  version: "1.0.0"
spec:
  blocks:
    - id: a
      type: text
      value: hello
    - id: b
      type: text
  edges:
    - id: copy
      source: a
      target: b
      type: modify
      config: {modify_type: copy, content: "{{a}}"}
"""


def refused(text: str | bytes) -> Finding:
    with pytest.raises(FindingsError) as caught:
        load(text, "m.yaml")
    return caught.value.findings[0]


def test_a_good_manifest_passes() -> None:
    workflow = load(GOOD, "m.yaml").workflow
    assert workflow.reference == "greet:1.0.0"
    assert workflow.edges[0].sources == ("a",)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "says"),
    [
        ('version: "1.0.0"', "version: 1.10", 5, 12, "type string"),
        ("value: hello", "value: &x hello", 10, 14, "anchors"),
        ("value: hello", "value: *x", 10, 14, "aliases"),
        ("value: hello", "value: !!python/name:os.system x", 10, 14, "tag"),
        ("value: hello", "value: no", 10, 14, "1.1 and 1.2"),
        ("value: hello", "value: 1:30", 10, 14, "1.1 and 1.2"),
        ("value: hello", "value: .nan", 10, 14, "JSON"),
        ("value: hello", "value: 1e999", 10, 14, "means different things"),
        ("value: hello", "value: 9007199254740993", 10, 14, "2^53"),
        (
            "      type: text\n      value",
            "      id: c\n      type: text\n      value",
            9,
            7,
            "duplicate",
        ),
        ("  blocks:", "  blokcs: []\n  blocks:", 7, 3, "not known"),
        ("type: modify", "type: modfy", 17, 13, "one of"),
        ("value: hello", "value: hel\x07lo", 10, 17, "U+0007"),
    ],
)
def test_a_bad_place_is_named(old: str, new: str, line: int, column: int, says: str) -> None:
    assert old in GOOD
    finding = refused(GOOD.replace(old, new, 1))
    assert (finding.line, finding.column) == (line, column), finding
    assert says in finding.message


def test_other_encodings_and_documents_are_refused() -> None:
    assert "byte order mark" in refused(b"\xef\xbb\xbf" + GOOD.encode()).message
    assert "byte order mark" in refused(GOOD.encode("utf-16")).message
    assert "UTF-8" in refused(b"a: \xff").message
    assert "second document" in refused(GOOD + "---\na: 1\n").message
    assert "empty" in refused("").message


def test_depth_and_size_are_bounded() -> None:
    assert "64 deep" in refused("[" * 1000).message
    assert "more than 262144" in refused("a" * 300_000).message


@pytest.mark.parametrize(
    ("gate", "fix"),
    [
        ("when: {contains: a}", "write a block's id, or a list of different ones"),
        ("on_error: ignore", "or { value: … }"),
    ],
)
def test_what_stands_beside_an_edges_type_says_its_forms(gate: str, fix: str) -> None:
    found = refused(GOOD.replace("      type: modify", f"      {gate}\n      type: modify"))
    assert fix in found.help

"""Routes become lines and columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.positions import locate
from registry_tool.manifest.source import load_document

TEXT = """\
a:
  prompt: |
    Hello {{who}},
    you are {{who}} of {{land}}.
  other: "{{who}} {{l\\u0061nd}}"
"""
DOCUMENT = load_document(TEXT, "registry/x/manifest.yaml")
PROMPT = ("a", "prompt")


def location(problem: Problem) -> tuple[int, int]:
    (finding,) = locate([problem], "rule", DOCUMENT)
    return finding.line, finding.column


def test_a_token_is_pointed_at_inside_a_text() -> None:
    assert location(Problem(PROMPT, "x", token="{{who}}")) == (3, 11)
    assert location(Problem(PROMPT, "x", token="{{who}}", nth=1)) == (4, 13)
    assert location(Problem(PROMPT, "x", token="{{land}}")) == (4, 24)
    assert location(Problem(("a", "other"), "x", token="{{who}}")) == (5, 11)


def test_where_a_token_is_not_spelled_out_its_value_is_pointed_at() -> None:
    assert location(Problem(("a", "other"), "x", token="{{land}}")) == (5, 10)
    assert location(Problem(PROMPT, "x", token="{{who}}", nth=2)) == (
        2,
        11,
    )  # not the one of `other`


def test_what_is_not_written_down_is_pointed_at_where_it_would_stand() -> None:
    assert (
        location(Problem(("a", "prompt", "x", 3), "x")) == location(Problem(PROMPT, "x")) == (2, 11)
    )
    assert location(Problem(("a", "nothing"), "x")) == (2, 3)
    assert location(Problem(PROMPT, "x", on_key=True)) == (2, 3)


def test_another_file_of_the_version_has_a_place_of_its_own() -> None:
    problem = Problem((), "x", severity=Severity.WARNING, path="docs/README.md", location=(7, 1))
    (finding,) = locate([problem], "rule", DOCUMENT)
    assert (finding.path, finding.line, finding.column) == ("registry/x/docs/README.md", 7, 1)
    assert (finding.rule, finding.severity) == ("rule", Severity.WARNING)


@given(st.lists(st.sampled_from(["x", "{{t}}", "é", " y"]), min_size=1, max_size=6))
def test_the_nth_token_stands_where_it_is_said_to_stand(parts: list[str]) -> None:
    text = "".join(parts)
    document = load_document(f'k: "{text}"', "m.yaml")
    for number in range(text.count("{{t}}")):
        line, column = document.place_of_token(("k",), "{{t}}", number)
        assert document.text.splitlines()[line - 1][column - 1 :].startswith("{{t}}")
        assert document.text[: column - 1].count("{{t}}") == number


def test_a_line_and_column_inside_a_block_scalar() -> None:
    assert DOCUMENT.place_inside(PROMPT, 1, 1) == (3, 5)
    assert DOCUMENT.place_inside(PROMPT, 2, 9) == (4, 13)
    other = ("a", "other")  # in quotes its lines can't be told apart from escapes
    assert DOCUMENT.place_inside(other, 1, 4) == DOCUMENT.location(other)
    assert DOCUMENT.place_inside(PROMPT, 99, 1) == DOCUMENT.location(PROMPT)

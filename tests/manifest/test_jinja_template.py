"""What a Jinja template names, and why a text is none."""

from __future__ import annotations

import pytest

from registry_tool.manifest.jinja_template import JinjaProblem, read_jinja


def test_names_are_those_that_it_neither_makes_nor_brings() -> None:
    read = read_jinja(
        "{% set a = b %}{% for c in range(d.e) %}{{ c }}{{ a }}{{ loop.index }}{% endfor %}"
    )
    assert (read.names, read.asks_for_another) == ({"b", "d"}, False)


def test_another_template_is_seen() -> None:
    assert read_jinja("{% from 'x' import y %}{{ y() }}").asks_for_another


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a\n{% if b %}", 2, "Unexpected end"),
        ("a\n\n{{ b | nosuch }}", 3, "No filter named 'nosuch'"),
        ("{{ " + "(" * 101 + "}}", 1, "more than 100 open brackets"),
        ("{% if a %}" * 5000 + "{% endif %}" * 5000, 1, "nested too deep"),
    ],
    ids=["open", "filter", "brackets", "deep"],
)
def test_what_is_no_jinja_is_reported_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(JinjaProblem) as error:
        read_jinja(text)
    assert (error.value.line, reason in error.value.reason) == (line, True)

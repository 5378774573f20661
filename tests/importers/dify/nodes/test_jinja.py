"""Templates of Dify in Jinja."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, outputs, statuses


def made(template: str, name: str = "arg1") -> Any:
    node: Any = {
        "type": "template-transform",
        "template": template,
        "variables": [{"variable": name, "value_selector": ["s", "q"]}],
    }
    return imported({"s": form("q"), "t": node, "e": given("x=t.output")}, "s > t, t > e")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for c in arg1 %}{{ loop.index }}{{ c }}{% endfor %}", "1a2b"),
        ("{{ arg1 | upper }}{{ missing }}", "AB"),
        ("", ""),
    ],
)
def test_a_template_is_rendered(template: str, text: str) -> None:
    assert outputs(made(template), {"q": "ab"}) == {"x": text}


@pytest.mark.parametrize("template", ["{% if %}", "{% include 'x' %}"])
def test_what_is_no_template_is_declared(template: str) -> None:
    assert statuses(made(template))["t"] == "carried"


@pytest.mark.parametrize(("template", "name"), [("x", "a}}{{b"), ("{{ 变量 }}", "arg1")])
def test_names_that_no_template_of_ours_has_are_declared(template: str, name: str) -> None:
    assert statuses(made(template, name))["t"] == "carried"

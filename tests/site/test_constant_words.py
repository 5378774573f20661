"""A language's words stand in its templates as constants, and a page is what it was with words looked up."""

from __future__ import annotations

import pytest

from registry_tool.site.templates import LANGUAGES, environment, folder, messages, plain_environment

TEMPLATE = """{% macro m(t) %}{{ t.search }} {{ t["from_" ~ kind].format(name=1) }}{% endmacro %}
{{ t.home }} {{ m(t) }} {{ t.own }} {{ t.page_number.format(n=2) }} {{ other.home }}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [environment, plain_environment])
def test_words_are_the_same_whether_they_are_constants_or_not(make: object, language: str) -> None:
    values = {
        "t": {**messages(language), "own": "<mine>"}, "other": {"home": "it"}, "kind": "input",
    }  # fmt: skip
    constant = make(language).from_string(TEMPLATE)  # type: ignore[operator]
    plain = make().from_string(TEMPLATE)  # type: ignore[operator]
    assert constant.render(values) == plain.render(values)
    changed = {**values, "t": {**values["t"], "home": "another"}}  # type: ignore[dict-item]
    assert "another" in plain.render(changed)
    assert "another" not in constant.render(changed)


def test_no_template_calls_something_else_by_the_words_name() -> None:
    for path in folder().glob("*.*"):
        text = path.read_text("utf-8")
        assert "set t " not in text, path
        assert "for t in" not in text, path

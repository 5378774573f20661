"""Escaping gives what MarkupSafe gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from registry_tool.site.template_code import escaped
from registry_tool.site.templates import environment


@given(st.one_of(st.text("ab<>&\"'é\0"), st.integers(), st.floats(), st.none(), st.booleans()))
def test_what_is_shown_is_what_markupsafe_escapes(value: Any) -> None:
    assert escaped(value) == escape(value)


def test_markup_stays_and_a_text_of_another_class_is_escaped() -> None:
    class Told(str):
        __slots__ = ()

    assert escaped(Markup("<b>")) == "<b>"
    assert escaped(Told("<b>")) == "&lt;b&gt;"


def test_templates_escape_and_an_unknown_name_is_an_error() -> None:
    made = environment().from_string(
        "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(a) }}{{ a }}{{ 1 }}{% set b %}{{ a }}{% endset %}{{ b }}"
    )
    assert made.render(a="<") == "<i>&lt;</i>&lt;1&lt;"
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()

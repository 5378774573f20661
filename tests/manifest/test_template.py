"""Templates: one pass, exact names, types kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.template import UnknownNameError, escape, expand, render


def test_names_paths_and_labels_with_dots() -> None:
    scope = {"a": {"b": [10, 20]}, "1. Text": "x", "a.b": "whole"}
    assert render("{{a.b}} {{ 1. Text }} {{a}}", scope) == 'whole x {"b": [10, 20]}'
    assert expand("{{a.b.1}}", {"a": {"b": [10, 20]}}) == 20


def test_values_are_never_expanded_again() -> None:
    assert render("{{a}}", {"a": "{{secret}}", "secret": "s"}) == "{{secret}}"


def test_unknown_names_are_errors() -> None:
    with pytest.raises(UnknownNameError):
        render("{{nope}}", {})
    with pytest.raises(UnknownNameError):
        render("{{ ''.__class__ }}", {"a": "x"})


@given(st.text())
def test_escaped_text_renders_to_itself(text: str) -> None:
    if "\\{{" not in text:
        assert render(escape(text), {}) == text

"""Templates: one pass, exact names, types kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.manifest.template import (
    UnknownNameError,
    escape,
    expand,
    placeholders,
    render,
    split,
)


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


@pytest.mark.parametrize("text", ["a.x", "a.list.2", "a.list.-1", "a.list.²", "a.text.0", "none.x"])
def test_a_path_that_leads_nowhere_is_reported_with_a_way_out(text: str) -> None:
    scope: dict[str, Value] = {"a": {"list": [1, 2], "text": "t"}, "none": None}
    for expanded in (render, expand):
        with pytest.raises(RegistryError, match="leads nowhere in the value of") as caught:
            expanded(f"{{{{{text}}}}}", scope)
        assert "schema" in caught.value.hint


def test_a_template_that_is_one_placeholder_keeps_the_type() -> None:
    scope: dict[str, Value] = {"n": 5, "list": [1]}
    assert expand({"a": ["{{n}}", " {{list}} ", "{{n}}!"]}, scope) == {"a": [5, [1], "5!"]}
    assert expand({"{{n}}": None}, scope) == {"{{n}}": None}  # keys are left alone
    assert expand("\\{{n}}", scope) == "{{n}}"


@given(st.dictionaries(st.sampled_from(["a", "a.b", "a.b.c", "b"]), st.integers(), min_size=1))
def test_the_longest_known_name_is_meant(scope: dict[str, int]) -> None:
    found = split("a.b.c", scope)
    known = [name for name in ("a.b.c", "a.b", "a") if name in scope]
    assert (found and found[0]) == (known[0] if known else None)
    assert found is None or ".".join((found[0], *found[1])) == "a.b.c"


@given(st.text("{} \\ab.\n", max_size=20))
def test_placeholders_are_what_rendering_replaces(template: str) -> None:
    found = list(placeholders(template))
    scope = {p.text: f"<{p.text}>" for p in found}
    shown = render(template, scope)
    at = 0
    for placeholder in found:
        assert template[placeholder.start : placeholder.end].strip("{}").strip() == placeholder.text
        assert placeholder.start >= at
        at = placeholder.end
    assert shown.count("<") == len(found)

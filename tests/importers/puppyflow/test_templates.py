"""A placeholder means the same block on both sides, and text stays text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.importers.puppyflow.templates import Sources, escaped_by_accident, to_ours
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow
from registry_tool.manifest.scope import Scopes
from registry_tool.manifest.template import render

# An empty label never gets here: the id stands for it.
LABELS = st.sampled_from(["a", "b", "x", "a b", " a", "a.b", "{", "}", "q\nr"]) | st.text(
    max_size=3
)
PLACEHOLDERS = ["{{a}}", "{{b}}", "{{x}}", "{{a b}}", "{{ a}}", "{{ a }}", "{{a.b}}", "{{nobody}}"]
PARTS = st.sampled_from(
    [*PLACEHOLDERS, "{{{}}", "{{", "}}", "{", "\\", "\\{", "\\{{", " ", "text", "\n"]
)


@given(LABELS, LABELS, LABELS, st.lists(PARTS, max_size=8).map("".join))
def test_it_renders_as_the_editor_does(one: str, two: str, three: str, text: str) -> None:
    labels = {"x": one, "y": two, "z": three}
    sources = Sources(("x", "y"), labels)
    if escaped_by_accident(text, sources):
        return
    blocks = tuple(Block(name, "text", label) for name, label in labels.items())
    edge = Edge("e", "llm", ("x", "y"), ("z",))
    names = Scopes(Workflow(Metadata("w", "1.0.0"), blocks, (edge,))).names(edge)
    shown = {name: f"<{referent.name}>" for name, referent in names.items()}
    assert render(to_ours(text, sources), shown) == as_the_editor_does(text, labels)


def as_the_editor_does(text: str, labels: dict[str, str]) -> str:
    """One pass over the exact labels of the two sources; the first that bears a label is meant."""
    wanted = {f"{{{{{labels[name]}}}}}": f"<{name}>" for name in ("y", "x")}
    pattern = "|".join(re.escape(found) for found in sorted(wanted, key=len, reverse=True))
    return re.sub(pattern, lambda match: wanted[match[0]], text)


def test_unknown_braces_are_escaped_and_only_they() -> None:
    sources = Sources(("1",), {"1": "a"})
    assert to_ours("{{a}} {{b}} {}", sources) == "{{a}} \\{{b}} {}"


def test_an_id_that_is_another_blocks_label_is_distinguished() -> None:
    sources = Sources(("one", "two"), {"one": "two", "two": "x"})
    assert to_ours("{{two}} {{x}}", sources) == "{{one}} {{x}}"


def test_a_backslash_before_a_placeholder_gets_a_blank() -> None:
    sources = Sources(("1",), {"1": "a"})
    assert escaped_by_accident("\\{{a}}", sources)
    assert to_ours("\\{{a}}", sources) == "\\ {{a}}"

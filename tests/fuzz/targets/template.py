"""The template parser: placeholders as they stand, values never expanded again, escaped texts as they were."""

from __future__ import annotations

import re

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.template import (
    UnknownNameError,
    as_text,
    escape,
    expand,
    lookup,
    placeholders,
    render,
    split,
)
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target

VALUE = "{{a}} \\{{b}} {{{c}}}"
"""What every name stands for: it would not stay as it is if values were expanded."""
_SCOPE = {
    "a": 1,
    "a.b": "two",
    "list": [{"x": None}, [True]],
    "deep": {"a.b": 1, "c": {"0": "zero"}},
    "with blank": 1.5,
}


def check(data: bytes) -> None:
    """Every property of the module's docstring, for any text."""
    text = data.decode("utf-8", "replace")
    found = list(placeholders(text))
    _stand_where_they_say(text, found)
    assert render(escape(text), {}) == text, "an escaped text renders to another one"
    assert not list(placeholders(escape(text))), "an escaped text has placeholders"
    names = {placeholder.text: VALUE for placeholder in found}
    assert render(text, names) == _by_hand(text), "renders to another text"
    assert expand([{"k": text}], names) == [{"k": expand(text, names)}], "lists expand otherwise"
    for placeholder in found:
        _looked_up(placeholder.text)
    try:
        render(text, _SCOPE)
    except UnknownNameError as error:
        assert error.reason, "an error without a reason"


def _stand_where_they_say(text: str, found: list[object]) -> None:
    end = 0
    for placeholder in placeholders(text):
        start, inner = placeholder.start, placeholder.text
        assert start >= end, "placeholders overlap"
        end = placeholder.end
        whole = text[start:end]
        assert whole.startswith("{{") and whole.endswith("}}"), "no placeholder stands there"
        assert whole[2:-2].strip() == inner and inner, "another text stands there"
    assert len(found) == len({p.start for p in placeholders(text)}), "a placeholder is told twice"


def _by_hand(text: str) -> str:
    """What the text renders to where every name stands for VALUE, read sign by sign."""
    out, at = [], 0
    while at < len(text):
        if text.startswith("\\{{", at):
            out.append("{{")
            at += 3
            continue
        inner = re.match(r"\{\{([^{}\n]{1,256})\}\}", text[at:]) if text[at] == "{" else None
        if inner and inner[1].strip():
            out.append(VALUE)
            at += inner.end()
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _looked_up(name: str) -> None:
    """A name is split at its dots, the longest known one first; what it leads to is shown as text."""
    parts = split(name, _SCOPE)
    if parts is not None:
        assert ".".join([parts[0], *parts[1]]) == name, "the parts are another name"
        longer = [one for one in _SCOPE if f"{name}.".startswith(f"{one}.")]
        assert parts[0] == max(longer, key=len), "a longer name is known"
    try:
        as_text(lookup(name, _SCOPE))
    except RegistryError as error:
        assert error.reason, "an error without a reason"


def _seeds() -> dict[str, bytes]:
    found = seeds.small(seeds.files(".yaml", ".json", ".md", ".txt"), TARGET.largest)
    return {name: data for name, data in found.items() if b"{{" in data} | {
        "every name": b"{{a}} {{ a.b }} {{list.0.x}} {{list.1.0}} {{deep.a.b}} {{deep.c.0}} {{with blank}}",
        "odd braces": b"{{{a}}} \\{{a}} \\\\{{a}} {{}} {{ }} {{a\n}} {{a}{{b}}",
    }


TARGET = Target(
    "template",
    "registry_tool/manifest/template.py",
    check,
    _seeds,
    (
        "{{",
        "}}",
        "\\{{",
        "{{a}}",
        "{{ a.b }}",
        "{{list.0.x}}",
        "{{deep.c.0}}",
        ".",
        "\u00b2",
        "\u0660",
    ),
    mutations.lines,
    largest=4096,
)

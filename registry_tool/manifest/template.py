"""`{{name}}` templates: no logic, one pass, values never expanded again.

`{{ name }}` and `{{name.path.0}}` are placeholders; `\\{{` stands for a literal `{{`. A name may hold
any character but braces and line breaks, so block labels with spaces and dots work; `split` tries the
whole text as a name first and then shorter and shorter prefixes with the rest as a path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Value

_TOKEN = re.compile(r"\\\{\{|\{\{([^{}\n]{1,256})\}\}")
_POSITION = re.compile("[0-9]+")  # `isdigit` lets ² through, which `int` does not take


class Placeholder(Record, frozen=True):
    """One `{{…}}`: its text without braces and outer blanks, and where it stands."""

    text: str
    start: int
    end: int


class UnknownNameError(RegistryError):
    """A placeholder names nothing that the edge can see, or its path leads nowhere in what it names."""

    def __init__(self, text: str, name: str = "") -> None:
        shown = f"{{{{{text}}}}}"
        if name:
            super().__init__(
                f"{shown} leads nowhere in the value of {name}",
                hint="require it by a schema where the value is made, or take a shorter path",
            )
        else:
            super().__init__(f"unknown name {shown}")


def placeholders(template: str) -> Iterator[Placeholder]:
    """Every placeholder of a template, in order; escaped ones left out."""
    if "{{" not in template:
        return
    for match in _TOKEN.finditer(template):
        if match[1] is not None and match[1].strip():
            yield Placeholder(match[1].strip(), match.start(), match.end())


def split(text: str, names: Container[str]) -> tuple[str, tuple[str, ...]] | None:
    """A placeholder's text as (name, path), longest known name first; None where none is known."""
    if text in names:
        return text, ()
    parts = text.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:length])
        if name in names:
            return name, tuple(parts[length:])
    return None


def follow(value: Value, path: tuple[str, ...]) -> Value:
    """The value at a dotted path: keys of objects, positions of lists; KeyError where it ends."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and _POSITION.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(step)
    return value


def as_text(value: Value) -> str:
    """How a value reads inside text: strings as they are, null empty, everything else JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)


def lookup(text: str, scope: Mapping[str, Value]) -> Value:
    """What a placeholder stands for; `UnknownNameError` where it stands for nothing."""
    found = split(text, scope)
    if found is None:
        raise UnknownNameError(text)
    name, path = found
    value = scope[name]
    if path and value is None and name in getattr(scope, "not_taken", ()):
        return None  # as the whole block reads
    try:
        return follow(value, path)
    except KeyError:
        raise UnknownNameError(text, name) from None


def render(template: str, scope: Mapping[str, Value]) -> str:
    """The template as text."""
    if "{{" not in template:
        return template

    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return "{{"
        return as_text(lookup(match[1].strip(), scope)) if match[1].strip() else match[0]

    return _TOKEN.sub(replace, template)


def expand(template: Value, scope: Mapping[str, Value]) -> Value:
    """The template with every string inside it expanded.

    A string that is one placeholder and nothing else becomes the value itself, with its type; keys of
    objects are left alone.
    """
    if isinstance(template, str):
        whole = _TOKEN.fullmatch(template.strip())
        if whole is not None and whole[1] is not None and whole[1].strip():
            return lookup(whole[1].strip(), scope)
        return render(template, scope)
    if isinstance(template, list):
        return [expand(item, scope) for item in template]
    if isinstance(template, dict):
        return {key: expand(item, scope) for key, item in template.items()}
    return template


def escape(text: str) -> str:
    """Text that renders to itself: `{{` becomes a literal."""
    return text.replace("{{", "\\{{")

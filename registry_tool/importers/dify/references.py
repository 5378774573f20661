"""What selectors (`[node, field, …]`) and `{{#node.field#}}` of Dify stand for in our manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry_tool.core.values import Value
from registry_tool.importers.generated_code import AT
from registry_tool.manifest.template import escape

_LONGEST_STEP = 100  # characters
_PLACEHOLDER = re.compile(r"\{\{#([^#{}\n]{1,500})#\}\}")


@dataclass(frozen=True, slots=True)
class ValueReference:
    """A part of a block's value. `name` is what templates call it where that isn't the block's id (`item`)."""

    block: str
    path: tuple[str, ...] = ()
    name: str = ""

    def below(self, path: Iterable[str]) -> ValueReference:
        """A part of this part."""
        return ValueReference(self.block, (*self.path, *path), self.name)

    @property
    def placeholder(self) -> str:
        """Our template of it."""
        return "{{" + ".".join((self.name or self.block, *self.path)) + "}}"

    @property
    def python(self) -> str:
        """The expression of it in the code of a `code` edge with `AT`."""
        return f"at({', '.join(['inputs', repr(self.block), *map(repr, self.path)])})"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours with templates, and the blocks that it reads."""

    template: str
    reads: tuple[str, ...] = ()


def selector_of(value: Value) -> tuple[str, ...]:
    """A selector as the export holds it: a list of texts, or an empty one for anything else."""
    if isinstance(value, str):
        return tuple(value.strip("{}#").split(".")) if value else ()
    return tuple(str(step) for step in value) if isinstance(value, list) else ()


def selectors_in(text: str) -> list[tuple[str, ...]]:
    """The selectors of a text's placeholders, each once, in order."""
    return list(dict.fromkeys(tuple(m[1].split(".")) for m in _PLACEHOLDER.finditer(text)))


def selectors_of(value: Value) -> list[tuple[str, ...]]:
    """All selectors in a node's data, each once, in order: lists of texts, and placeholders in texts."""
    found: list[tuple[str, ...]] = []
    if isinstance(value, str):
        found += selectors_in(value)
    elif isinstance(value, dict):
        for item in value.values():
            found += selectors_of(item)
    elif isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        if len(texts) == len(value) > 1:
            found.append(tuple(texts))
        for item in value:
            found += selectors_of(item)
    return list(dict.fromkeys(found))


def pieces(text: str) -> list[str | tuple[str, ...]]:
    """A text's literal parts and the selectors between them."""
    found: list[str | tuple[str, ...]] = []
    start = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > start:
            found.append(text[start : match.start()])
        found.append(tuple(match[1].split(".")))
        start = match.end()
    if start < len(text):
        found.append(text[start:])
    return found


def literal(text: str) -> str:
    """A literal part of a template of ours; a blank is put behind a backslash that would escape what follows."""
    escaped = escape(text)
    return f"{escaped} " if escaped.endswith(("\\", "\\{")) else escaped


def unique(blocks: Sequence[str]) -> tuple[str, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(blocks))


def can_be_named(step: str) -> bool:
    """Whether a template can hold a step of a path."""
    return len(step) <= _LONGEST_STEP and not any(char in "{}\n" for char in step)


def first_of(references: Sequence[ValueReference]) -> str:
    """Python that gives the first of some values that is there."""
    lines = "".join(f"        {one.python},\n" for one in references)
    chosen = "next((one for one in found if one is not None), None)"
    return f"{AT}\n\ndef main(inputs):\n    found = [\n{lines}    ]\n    return {chosen}\n"

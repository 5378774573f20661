"""Templates of a manifest as Python expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.scope import Referent
from registry_tool.manifest.template import split

VARIABLE: Final = "PUPPY_VARIABLE_"
"""What names of variables begin with in a script: under its own, an author's could be a secret of the user."""
_WIDE = 88
_BREAKS = re.compile(r".{1,80}(?:\s+|$)|\S{1,80}", re.S)
_TOKEN = re.compile(r"\\\{\{|\{\{([^{}\n]{1,256})\}\}")


@dataclass(slots=True)
class Names:
    """What templates of one edge name, as Python: `known` by name, `sure` the blocks that always have a value.

    `local` are names that are variables where the expression stands, such as the item of a map.
    """

    workflow: Workflow
    known: Mapping[str, Referent]
    sure: Container[str]
    local: dict[str, str] = field(default_factory=dict)

    def block(self, name: str) -> str:
        """Python of a block's value."""
        if name in self.local:
            return self.local[name]
        return f"blocks[{quoted(name)}]" if name in self.sure else f"blocks.get({quoted(name)})"

    def placeholder(self, text: str) -> str:
        """Python of what a placeholder stands for."""
        found = split(text, {**self.known, **dict.fromkeys(self.local)})
        if found is None:
            raise RegistryError(f"nothing has the name {{{{{text}}}}}")
        name, path = found
        whole = self.local[name] if name in self.local else self._referent(self.known[name])
        if not path:
            return whole
        return f"part({', '.join([whole, *map(quoted, path)])})"

    def _referent(self, referent: Referent) -> str:
        if referent.kind == "block":
            return self.block(referent.name)
        if referent.kind == "input":
            return f"inputs.get({quoted(referent.name)})"
        if referent.kind == "variable":
            default = next(
                (
                    environment.variables[referent.name]
                    for environment in self.workflow.environments
                    if referent.name in environment.variables
                ),
                "",
            )
            return f"os.environ.get({quoted(VARIABLE + referent.name)}, {quoted(str(default))})"
        return referent.name

    def text(self, template: str) -> str:
        """Python of a text."""
        parts = self._parts(template)
        if all(is_literal for is_literal, _ in parts):
            lines = lines_of("".join(text for _, text in parts))
            return lines[0] if len(lines) == 1 else _nested("(", ["\n".join(lines)], "")
        if len(parts) == 1:
            return f"text_of({parts[0][1]})"
        pieces = ["\n".join(lines_of(text)) if is_literal else text for is_literal, text in parts]
        short = f"joined({', '.join(pieces)})"
        if "\n" not in short and len(short) <= _WIDE:
            return short
        return _nested("joined(", pieces, ",")

    def _parts(self, template: str) -> list[tuple[bool, str]]:
        parts: list[tuple[bool, str]] = []
        literal, start = "", 0
        for match in _TOKEN.finditer(template):
            literal += template[start : match.start()]
            start = match.end()
            if match[1] is None or not match[1].strip():
                literal += "{{" if match[1] is None else match[0]
                continue
            if literal:
                parts.append((True, literal))
            literal = ""
            parts.append((False, self.placeholder(match[1].strip())))
        literal += template[start:]
        return [*parts, *([(True, literal)] if literal or not parts else [])]

    def value(self, template: Value) -> str:
        """Python of a value: a text that is one placeholder keeps its type."""
        if isinstance(template, str):
            whole = _TOKEN.fullmatch(template.strip())
            if whole is not None and whole[1] is not None and whole[1].strip():
                return self.placeholder(whole[1].strip())
            return self.text(template)
        if isinstance(template, list):
            return f"[{', '.join(map(self.value, template))}]"
        if isinstance(template, dict):
            pairs = (f"{quoted(key)}: {self.value(item)}" for key, item in template.items())
            return f"{{{', '.join(pairs)}}}"
        return repr(template)


def _nested(begin: str, parts: list[str], end: str) -> str:
    """Parts on lines of their own, within brackets."""
    lines = "".join("    " + part.replace("\n", "\n    ") + f"{end}\n" for part in parts)
    return f"{begin}\n{lines})"


def lines_of(text: str) -> list[str]:
    """A text as literals that stand one below the other: a line each, long ones broken at blanks."""
    found = []
    for line in text.splitlines(keepends=True) or [""]:
        found += (
            [quoted(part) for part in _BREAKS.findall(line)]
            if len(line) > _WIDE
            else [quoted(line)]
        )
    return found


def quoted(text: str) -> str:
    """A literal of Python in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def shown(text: str) -> str:
    """Words of an author in a comment or a docstring, where they can't end it."""
    words = " ".join(text.split()).replace("\\", "/").replace('"""', "'''")
    return "".join(char if char.isprintable() else "?" for char in words)


def literal(value: Value) -> str:
    """Python of a constant."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{quoted(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)

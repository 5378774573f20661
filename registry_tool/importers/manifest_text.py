"""A manifest as YAML that people like to read and the strict loader reads back exactly.

Strings are quoted, texts of several lines are block scalars, long lines are folded, keys stand as written. No
aliases, no tags, no scalar that YAML versions read differently.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.manifest.source import MAX_BYTES, load_tree

WIDTH = 100
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS_OF_YAML = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"}
)
# Printable characters that a block scalar keeps as they are: no tab, no line break but \n.
_BLOCK_TEXT = re.compile(
    "[\n -~\u00a0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe]*"
)
_FOLDABLE = re.compile(r"\S+( \S+)*")


class TooLargeError(RegistryError):
    """The manifest would have more than MAX_BYTES bytes."""

    def __init__(self) -> None:
        super().__init__(
            f"the manifest would have more than {MAX_BYTES} bytes",
            hint="move long contents out of the blocks, and give them as inputs or load them",
        )


def manifest_text(value: Object, head: str = "") -> str:
    """The YAML text below a head of comments; `RegistryError` where YAML can't carry the value, or so much."""
    try:
        size = len(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise RegistryError("a string holds half of a character (a lone surrogate)") from None
    if size > 3 * MAX_BYTES:  # no YAML is shorter than a third of its JSON: don't even begin
        raise TooLargeError
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=WIDTH,
    )
    text = head + text
    if len(text.encode()) > MAX_BYTES:
        raise TooLargeError
    if load_tree(text, "") != value:
        raise RegistryError("the manifest can't be written as YAML without a change")
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes strings, keeps texts readable, never makes an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # signature of PyYAML
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # list items stand deeper than their key

    def analyze_scalar(self, scalar: str) -> Any:  # PyYAML's analysis is untyped
        analysis = super().analyze_scalar(scalar)
        if scalar and _is_block_text(scalar):
            analysis.allow_block = True  # PyYAML refuses blanks at the end of a line
        return analysis


def _is_block_text(text: str) -> bool:
    return "\n" in text and _BLOCK_TEXT.fullmatch(text) is not None


def _style(text: str) -> str:
    if _is_block_text(text):
        return "|"
    is_long = len(text) > WIDTH and _BLOCK_TEXT.fullmatch(text) is not None
    return ">" if is_long and _FOLDABLE.fullmatch(text) else '"'


def _string(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=_style(text))


def _mapping(dumper: _Dumper, value: dict[str, Value]) -> yaml.MappingNode:
    pairs = [(_key(key), dumper.represent_data(item)) for key, item in value.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


def _key(key: str) -> yaml.ScalarNode:
    is_plain = _PLAIN_KEY.fullmatch(key) and key.lower() not in _WORDS_OF_YAML
    return yaml.ScalarNode("tag:yaml.org,2002:str", key, style=None if is_plain else '"')


_Dumper.add_representer(str, _string)
_Dumper.add_representer(dict, _mapping)

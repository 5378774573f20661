"""The strict YAML loader: what passes means the same to every YAML reader; what doesn't is told at its place."""

from __future__ import annotations

import json
import math
from typing import Any

import yaml

from registry_tool.core.files import canonical_json
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.positions import Document
from registry_tool.manifest.source import MAX_DEPTH, load_document
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target, says_enough

_WORDS = (
    *("---\n", "...\n", "? ", ": ", "- ", "&a ", "*a", "!!str ", "!a ", "<<: ", "|\n  ", ">-\n  ", "|+2\n"),
    *("# ", "'", "''", '"', '\\"', "{ ", " }", "[", "]", ", ", "{{a}}", "\t", "\r", "\x85", "\u2028", "\ufeff"),
    *("yes", "No", "0o7", "0x1F", "1_000", "1:30", "1e3", "1e+21", "2024-01-01", ".inf", ".NaN", "~", "="),
    *("9007199254740993", "-0", "-0.0", ".5", "5.", "%YAML 1.1\n", '"\\u0000"', '"\\x07"', '"\\N"', '"\\ud83d"'),
)  # fmt: skip


def check(data: bytes) -> None:
    """Refused with place, reason and fix, or a JSON value that YAML 1.1 reads alike and that loads again."""
    try:
        document = load_document(data, "a.yaml")
    except FindingsError as error:
        refused_well(error, data)
        return
    value = document.value
    assert _depth(value) <= MAX_DEPTH, "nested deeper than the bound"
    _read_alike(document)
    _stands_where_it_says(document)
    canonical_json(value)
    if not _has_long_key(value):
        again = load_document(_as_flow(value), "b.yaml").value
        assert canonical_json(again) == canonical_json(value), "does not load again as it was"


def refused_well(error: FindingsError, data: bytes) -> None:
    """Every finding stands inside the file, with a reason and a way out."""
    says_enough(error)
    count = (
        data.count(b"\n") + data.count(b"\r") + data.count(b"\xc2\x85") + data.count(b"\xe2\x80")
    )
    for finding in error.findings:
        assert finding.message, "a finding without a reason"
        assert finding.help, f"a finding without a way out: {finding.message}"
        assert 1 <= finding.line <= count + 2, f"line {finding.line} is not in the file"
        assert finding.column >= 1, f"column {finding.column} is none"


def _depth(value: Any) -> int:
    below = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    return 0 if below is None else 1 + max(map(_depth, below), default=0)


def _read_alike(document: Document) -> None:
    """PyYAML, which reads YAML 1.1, gives the same value; only numbers like 1e+21 are texts to it."""
    try:
        other = yaml.load(document.text, yaml.CSafeLoader)  # the safe one, in C
    except yaml.YAMLError as error:
        raise AssertionError(f"PyYAML can't read it: {error}") from None
    assert _alike(document.value, other), "YAML 1.1 reads another value"


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, str):
        return math.isclose(float(other), one)
    return type(one) is type(other) and one == other


def _stands_where_it_says(document: Document) -> None:
    """A plain text begins where the loader says it does."""
    lines = document.text.split("\n")
    if any(sign in document.text for sign in "\r\x85\u2028\u2029"):
        return  # other line breaks: counted by the parser, not by `split`
    for route, (line, column) in document.values.items():
        assert line <= len(lines), f"{route} stands at line {line} of {len(lines)}"
        here: Any = document.value
        for step in route:
            here = here[step]
        shown = lines[line - 1][column - 1 :]
        if isinstance(here, str) and here and shown[:1] not in {"'", '"', "|", ">", "?"}:
            assert shown.startswith(here.split("\n")[0].split(" ")[0]), (
                f"{route} is not at its place"
            )


def _has_long_key(value: Any) -> bool:
    """A key of more than 1024 characters: YAML takes it only in a form that JSON doesn't have."""
    if isinstance(value, dict):
        return any(len(json.dumps(key)) > 900 or _has_long_key(value[key]) for key in value)
    return isinstance(value, list) and any(map(_has_long_key, value))


def _as_flow(value: Any) -> str:
    text = canonical_json(value).decode()
    for sign in "\x85\u2028\u2029\ufeff":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _seeds() -> dict[str, bytes]:
    return seeds.small(seeds.files(".yaml", ".yml"), TARGET.largest) | {
        **seeds.texts_of_tests("manifest")
    }


TARGET = Target(
    "yaml-loader",
    "registry_tool/manifest/source.py",
    check,
    _seeds,
    _WORDS,
    mutations.lines,
)

"""The corpus of hostile and of harmless files: the tables beside this file, made into small versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.rules.file_set import VersionContent
from tests.marks import expanded, expanded_bytes
from tests.security.scanning.recipes import STEPS

FOLDER = Path(__file__).parent
TUNED_WORDS, HELD_OUT_WORDS, UNKNOWN_CARRIER_WORDS = 3, 1, 2
MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {name: hello, version: "1.0.0", author: ada, description: Greets whoever, license: MIT}
spec:
  interface: {inputs: [{name: who, type: string, block: a}], outputs: [{name: greeting, block: b}]}
  blocks: [{id: a, type: text}, {id: b, type: text}]
  edges:
    - {id: greet, source: a, target: b, type: modify, config: {modify_type: edit_text, content: "Hello, {{a}}!"}}
"""
CODE = MANIFEST.replace(
    'type: modify, config: {modify_type: edit_text, content: "Hello, {{a}}!"}}',
    'type: code, config: {code: "CODE"}}',
)


@dataclass(frozen=True)
class ScanCase:
    """One version: its class, all of its files, and whether rules were tuned on it."""

    kind: str
    label: str
    hostile: bool
    held_out: bool
    files: dict[str, bytes]
    policy: str = ""
    """What the registry does with all of this kind, harmless or not."""

    @property
    def contents(self) -> dict[str, VersionContent]:
        """Its files as rules get them."""
        return {path: VersionContent(data) for path, data in self.files.items()}


@cache
def cases() -> tuple[ScanCase, ...]:
    """All of them, hostile ones first."""
    return (*_hostile(), *_benign())


def one_file(path: str, content: bytes) -> ScanCase:
    """A version with one more file."""
    return ScanCase("", path, False, False, {**_around(MANIFEST), path: content})


def _hostile() -> Iterator[ScanCase]:
    tables = yaml.safe_load((FOLDER / "hostile.yaml").read_text("utf-8"))
    for number, carrier in enumerate(tables["carriers"]):
        words, unknown = tables["words"][carrier["words"]], carrier.get("held_out", False)
        wanted = [("held_out", UNKNOWN_CARRIER_WORDS if unknown else HELD_OUT_WORDS)]
        wanted += [] if unknown else [("tuned", TUNED_WORDS)]
        for part, most in wanted:
            for said in _turn(words[part], number, most):
                label = f"{number:03} {carrier.get('file', 'edge')} {'+'.join(_steps(carrier))}"
                files = _version(carrier, expanded(said).encode())
                yield ScanCase(carrier["class"], label, True, part == "held_out", files)


def _turn(words: list[str], number: int, most: int) -> list[str]:
    """Some words, others for each carrier."""
    return [words[(number * most + at) % len(words)] for at in range(most)]


def _steps(carrier: dict[str, Any]) -> list[str]:
    return [*carrier.get("encode", ()), *carrier.get("wrap", ())]


def _benign() -> Iterator[ScanCase]:
    for table in yaml.safe_load((FOLDER / "benign.yaml").read_text("utf-8")):
        numbers = count()
        for part in ("texts", "held_out"):
            for text in table[part]:
                label = f"{next(numbers):02} {text[:40]!r}"
                yield ScanCase(
                    *(table["class"], label, False, part == "held_out"),
                    _harmless(table, text),
                    table.get("policy", ""),
                )


def _harmless(table: dict[str, Any], text: str) -> dict[str, bytes]:
    if table.get("binary"):
        name = f"{table['file']}.{text.partition('-')[0]}"
        return {**_around(MANIFEST), name: STEPS[text](b"Opening hours: nine to five.")}
    if "code" in table:
        return _around(_with_code(text))
    return {**_around(MANIFEST), table["file"]: expanded_bytes(text)}


def _version(carrier: dict[str, Any], said: bytes) -> dict[str, bytes]:
    for step in carrier.get("encode", ()):
        said = STEPS[step](said)
    if "code" in carrier:
        return _around(_with_code(carrier["code"].replace("{}", said.decode())))
    if carrier.get("compiled"):
        files = _around(MANIFEST)
        text = b"Greets whoever"
        return {**files, "workflow.json": files["workflow.json"].replace(text, said)}
    if carrier.get("text"):
        around = expanded_bytes(carrier["text"])
        said = around.replace(b"{}", said)
    for step in carrier.get("wrap", ()):
        said = STEPS[step](said)
    return {**_around(MANIFEST), carrier["file"]: said}


def _with_code(code: str) -> str:
    code = "def main(a):\n" + indent(code, "    ")
    escaped = code.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return CODE.replace("CODE", escaped)


@cache
def _around(manifest: str) -> dict[str, bytes]:
    """A version's manifest and compiled workflow."""
    data = manifest.encode()
    return {"manifest.yaml": data, "workflow.json": compile_bytes(load(data, "m.yaml").workflow)}

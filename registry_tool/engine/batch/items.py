"""Items of a batch, read as a stream: one JSON object a line, each judged alone.

A line holds the inputs by name, or `{"id": …, "inputs": {…}}` for a workflow that has no input called `inputs`.
Blank lines are skipped, but counted, so that a line's number is what an editor shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.batch.keys import Keys
from registry_tool.engine.inputs import checked_inputs
from registry_tool.manifest.model import Workflow
from registry_tool.security.handling import private_text

LONGEST: Final = 16 * 2**20
"""The longest line, in bytes."""

_WRAPPED = frozenset({"id", "inputs"})


@dataclass(frozen=True, slots=True)
class Item:
    """One run that is wanted. `key` is the hex hash of all that makes its result; `label` the id it was given."""

    line: int
    key: str
    inputs: Mapping[str, Value]
    label: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not an item, and why. `key` is the hash of its bytes."""

    line: int
    key: str
    reason: str
    label: str = ""


class Items:
    """The lines of a stream. `position` is the number of bytes read so far."""

    def __init__(self, stream: BinaryIO, workflow: Workflow, keys: Keys) -> None:
        self._stream = stream
        self._workflow = workflow
        self._keys = keys
        self._wraps = all(port.name != "inputs" for port in workflow.interface.inputs)
        self.position = 0

    def __iter__(self) -> Iterator[Item | BadLine]:
        number = 0
        while raw := self._stream.readline(LONGEST + 1):
            number += 1
            self.position += len(raw)
            if len(raw) > LONGEST:
                self._skip_rest(raw)
                yield BadLine(number, _hash(raw), f"the line is longer than {LONGEST} bytes")
            elif raw.strip():
                yield self._judge(number, raw)

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(LONGEST)
            self.position += len(raw)

    def _judge(self, number: int, raw: bytes) -> Item | BadLine:
        label = ""
        try:
            given, label = self._given(raw)
            inputs = checked_inputs(self._workflow, given)
            return Item(number, self._keys.of(inputs), inputs, label)
        except RegistryError as wrong:
            hint = f" ({wrong.hint})" if wrong.hint else ""
            reason = private_text(f"{_column(wrong)}{wrong.reason}{hint}")
            return BadLine(number, _hash(raw), reason, label)

    def _given(self, raw: bytes) -> tuple[Object, str]:
        try:
            text = raw.rstrip(b"\r\n").decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RegistryError(f"not UTF-8: byte {error.start + 1} of the line") from None
        value = parse_json(text, location="")
        if not isinstance(value, dict):
            raise RegistryError("the line is not a JSON object")
        inner = value.get("inputs")
        if self._wraps and isinstance(inner, dict) and value.keys() <= _WRAPPED:
            return inner, _label(value.get("id"))
        return value, ""


def _label(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and _encodable(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RegistryError("the id must be a string or an integer")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _column(error: RegistryError) -> str:
    """`column 7: ` where the JSON parser reports one."""
    parts = error.location.split(":")
    return f"column {parts[2]}: " if len(parts) == 3 and not parts[0] else ""


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()

"""An operation node of the editor shape, as the builders of engine edges see it."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import refuse_depth, sub_object, text_of
from registry_tool.importers.imported import Loss

DEFAULT_MODEL = "openai/gpt-5"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation node and its wires: (id, label) of the blocks it reads and writes, in wire order."""

    id: str
    data: Frozen
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    contents: Frozen
    losses: list[Loss]

    @property
    def first(self) -> str:
        """A template that is the first input."""
        return f"{{{{{self.inputs[0][1]}}}}}" if self.inputs else ""

    @property
    def extra(self) -> Object:
        """The node's own `extra_configs`."""
        return sub_object(self.data, "extra_configs")

    def report(self, what: str, why: str) -> None:
        """Report something that is not carried over."""
        self.losses.append(Loss(f"blocks.{self.id}", what, why))


def number(item: Frozen, key: str, default: int | float) -> int | float:
    """The number below `key`, or the default."""
    found = item.get(key)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else default


def parsed(value: Value) -> Value:
    """A string that is strict JSON as its value, everything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        found = parse_json(value, location="")
        refuse_depth(found, "")
    except RegistryError:
        return value
    return found


def model(data: Frozen, default: str = DEFAULT_MODEL) -> Value:
    """The chosen model's name: the picker's, else the field's, else what the editor takes."""
    chosen = text_of(sub_object(data, "modelAndProvider"), "id")
    return chosen or data.get("model") or default


def base_url(data: Frozen) -> Object:
    """`base_url` where one is set."""
    url = text_of(data, "base_url").strip()
    return {"base_url": url} if url else {}


def structured(value: Value) -> Value:
    """`structured_output`: a schema, or whether JSON is wanted."""
    return value if isinstance(value, dict) and value else bool(value)


def query(node: Operation) -> Object:
    """The query block as {id: label}: the chosen one, else the first input."""
    chosen = sub_object(node.data, "query_id")
    if identity := text_of(chosen, "id"):
        return {identity: text_of(chosen, "label", identity)}
    if chosen and "id" not in chosen:
        return chosen
    return {node.inputs[0][0]: node.inputs[0][1]} if node.inputs else {}


def ids(value: Value) -> list[Value]:
    """Block ids from an id, an {id, label}, or a list of them."""
    items = value if isinstance(value, list) else [value]
    found = [item.get("id") if isinstance(item, dict) else item for item in items]
    return [name for name in found if isinstance(name, str) and name]

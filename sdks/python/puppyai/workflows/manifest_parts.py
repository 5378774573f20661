"""Parts of a manifest from what a builder's caller gave; what was left out is not written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from puppyai.workflows.values import JsonInput, JsonObject, JsonValue, plain, plain_object


class Unset:
    """Nothing was given; null is a value."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


def json_object(value: Mapping[str, JsonInput] | None, place: str) -> JsonObject:
    """A copy of an object in plain JSON values; `place` is named where something else is in it."""
    return plain_object(value or {}, place)


def given_texts(**texts: str) -> JsonObject:
    """The texts that are not empty."""
    return {key: text for key, text in texts.items() if text}


def given_parts(**parts: JsonValue) -> JsonObject:
    """The parts that are not empty."""
    return {key: part for key, part in parts.items() if part}


def manifest_port(  # noqa: PLR0913, PLR0917 - a port has that many keys
    name: str,
    type: str,
    enum: Sequence[JsonInput],
    description: str,
    schema: Mapping[str, JsonInput] | None,
    block: str,
) -> JsonObject:
    """An input or output of the interface."""
    port: JsonObject = {"name": name, "type": type}
    port |= given_parts(
        enum=[plain(item, f"port {name}.enum") for item in enum],
        schema=json_object(schema, f"port {name}"),
        **given_texts(description=description, block=block),
    )
    return port


def one_or_all(ends: list[str]) -> JsonValue:
    """One end as a word, several as a list."""
    return ends[0] if len(ends) == 1 else list[JsonValue](ends)

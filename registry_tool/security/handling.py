"""What a workflow's `pii_handling` does to inputs before anything sees them, and what may be shown afterwards.

`keep` leaves inputs alone, `mask` puts `[EMAIL]` and the like in their place, `strip` takes personal data out,
`reject` refuses the run. An input that the interface marks with `pii: true` is personal as a whole, whether or not
anything in it is recognised. Texts that leave a run beside its result pass `private_text` whatever the mode.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Final

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Value

if TYPE_CHECKING:
    from registry_tool.security.pii.recognise import Kind
    from registry_tool.security.quoting import Quotes

KEEP: Final = "keep"
MASK: Final = "mask"
STRIP: Final = "strip"
REJECT: Final = "reject"
PERSONAL: Final = "[PERSONAL]"
"""Stands for all of an input that is marked as personal."""

_PICTURE: Final = re.compile(
    r"\s*(?:(?i:data:image/)|(?:iVBORw0KGgo|/9j/|R0lGOD[dl]h|UklGR[A-Za-z0-9+/]{7}RUJQ)[A-Za-z0-9+/]{40})"
)
"""An address of a picture, or the base64 of one, before which a workflow can write the rest of the address."""
_LARGEST = 10**20
_ROUNDS = 3  # taking something out may join what stood around it
_NAMES: Final[dict[Kind, str]] = {
    "card": "a payment card's number",
    "iban": "a bank account (IBAN)",
    "cn-resident-id": "a Chinese resident id",
    "phone": "a phone number",
    "email": "an e-mail address",
}


class PersonalDataError(UsageError):
    """A run was refused for personal data in an input; says which input and which kind, never what."""


def handle_inputs(
    inputs: Mapping[str, Value], mode: str, marked: Collection[str], location: str = ""
) -> dict[str, Value]:
    """The inputs as the run sees them; handling them twice is handling them once."""
    if mode == KEEP:
        return dict(inputs)
    for name, value in inputs.items():
        if name not in marked:
            _refuse_pictures(name, value, location)
    if mode == REJECT:
        for name, value in inputs.items():
            _refuse(name, value, name in marked, location)
        return dict(inputs)
    return {
        name: _whole(name, value, mode, location)
        if name in marked
        else _parts(name, value, mode, location)
        for name, value in inputs.items()
    }


def _refuse_pictures(name: str, value: Value, location: str) -> None:
    """What a picture shows of somebody can't be found, so it can't be hidden either."""
    if any(_PICTURE.match(text) for text in _texts(value)):
        raise PersonalDataError(
            f"the input {name!r} holds a picture, in which no personal data can be found, "
            "and this workflow lets none through",
            location=location,
            hint="leave it out; the author can set pii_handling: keep",
        )


def _refuse(name: str, value: Value, marked: bool, location: str) -> None:
    if marked and value not in ("", None, [], {}):
        raise PersonalDataError(
            f"the input {name!r} is marked as personal, and this workflow refuses personal data",
            location=location,
            hint="leave it out",
        )
    kinds = sorted({kind for text in _texts(value) for kind in _kinds(text)})
    if kinds:
        raise PersonalDataError(
            f"the input {name!r} holds {' and '.join(_NAMES[kind] for kind in kinds)}, "
            "and this workflow refuses personal data",
            location=location,
            hint="take it out of the input",
        )


def _whole(name: str, value: Value, mode: str, location: str) -> Value:
    """All of a marked input: texts are replaced or emptied, other values inside lists and objects become null."""
    if isinstance(value, bool | int | float):
        raise PersonalDataError(
            f"the input {name!r} is marked as personal, and only text can be hidden ({mode})",
            location=location,
            hint="leave it out, or let the author take it as text",
        )
    return _hidden(value, PERSONAL if mode == MASK else "")


def _hidden(value: Value, by: str) -> Value:
    if isinstance(value, str):
        return by if value else value
    if isinstance(value, list):
        return [_hidden(item, by) for item in value]
    if isinstance(value, dict):
        return {_without(key, MASK): _hidden(item, by) for key, item in value.items()}
    return None


def _parts(name: str, value: Value, mode: str, location: str) -> Value:
    """A value without what is recognised in it, keys included."""
    if isinstance(value, str):
        return _without(value, mode)
    if isinstance(value, list):
        return [_parts(name, item, mode, location) for item in value]
    if isinstance(value, dict):
        handled: dict[str, Value] = {}
        for key, item in value.items():
            handled[_free(_without(key, mode), handled)] = _parts(name, item, mode, location)
        return handled
    if any(_kinds(text) for text in _texts(value)):
        raise PersonalDataError(
            f"the input {name!r} holds {_named(value)} as a JSON number, which {mode} can't hide",
            location=location,
            hint="send it as text",
        )
    return value


def _free(key: str, taken: Collection[str]) -> str:
    """The key, or with a number where two different ones became the same."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key} {number}"
    return free


def _without(text: str, mode: str) -> str:
    from registry_tool.security.pii.recognise import find_personal_data, mask

    if mode == STRIP:
        for _ in range(_ROUNDS):
            spans = list(find_personal_data(text))
            if not spans:
                return text
            for span in reversed(spans):
                text = text[: span.start] + text[span.end :]
    return mask(text)


def _texts(value: Value) -> Iterator[str]:
    """Every text in a value, keys included, and whole numbers in which something is recognised."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _digits(value)


def _digits(value: float) -> str:
    """A whole number's digits, long enough for a phone number; empty for any other."""
    if not abs(value) < _LARGEST or value != int(value):  # NaN is not below anything
        return ""
    return str(abs(int(value)))


def _named(value: Value) -> str:
    kinds = sorted({kind for text in _texts(value) for kind in _kinds(text)})
    return " and ".join(_NAMES[kind] for kind in kinds)


def _kinds(text: str) -> set[Kind]:
    from registry_tool.security.pii.recognise import find_personal_data

    return {item.kind for item in find_personal_data(text)}


def private_text(text: str) -> str:
    """A text that may be logged, recorded or shown: no credentials, nothing that is recognised as personal."""
    from registry_tool.security.pii.recognise import mask
    from registry_tool.security.redact import redact_secrets

    return mask(redact_secrets(text))


def private_value(value: Value) -> Value:
    """Handle every text in a value; keys stay."""
    if isinstance(value, str):
        return private_text(value)
    if isinstance(value, list):
        return [private_value(item) for item in value]
    if isinstance(value, dict):
        return {key: private_value(item) for key, item in value.items()}
    return value


_LEAST = 3  # characters that a value must have to be looked for in texts


class PrivateText:
    """`private_text` that also knows a run's own personal inputs, and takes out what is quoted of them."""

    def __init__(self, personal: Iterable[Value] = ()) -> None:
        self._personal = tuple(personal)

    @cached_property
    def _known(self) -> Quotes:
        """What to look for; most runs have no error and never ask."""
        from registry_tool.security.quoting import Quotes, spellings

        leaves = {leaf for value in self._personal for leaf in _leaves(value)}
        found = {form for leaf in leaves for form in spellings(leaf)}
        return Quotes(form for form in found if len(form) >= _LEAST and form != PERSONAL)

    def __call__(self, text: str) -> str:
        """The text, fit to leave the run."""
        return private_text(self._known.without(text, PERSONAL))

    def error(self, error: RegistryError) -> RegistryError:
        """The error in words that are fit to leave the run."""
        clean = copy(error)
        clean.reason, clean.hint = self(error.reason), self(error.hint)
        clean.args = (clean.reason,)
        return clean


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield json.dumps(value)

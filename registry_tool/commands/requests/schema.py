"""The keys of a request: what each may hold, and the words for those who wrote something else."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.names import bad_name, bad_version

INPUTS = "inputs"
_HALF = re.compile("[\ud800-\udfff]")


class Key(Record, frozen=True):
    """A value of one type; `pattern` is what all of a text must match, `fits` a further condition."""

    meant: str
    kind: type | tuple[type, ...]
    pattern: str = r"(?s:.*)"
    fits: Callable[[Value], bool] = lambda _: True

    def takes(self, value: Value) -> bool:
        """True where the value is what is meant. A boolean is not a number."""
        if not isinstance(value, self.kind) or isinstance(value, bool):
            return False
        if isinstance(value, str) and not re.fullmatch(self.pattern, value):
            return False
        return self.fits(value)


def one_of(*words: str) -> Key:
    """One of a few words."""
    return Key(f"one of {', '.join(words)}", str, "|".join(map(re.escape, words)))


OBJECT = Key("an object", dict)
NAME = Key("a workflow's name", str, fits=lambda value: bad_name(str(value)) is None)
REFERENCE = Key(
    "name, name:version or name@range", str, r"(?s:.{1,256})"
)  # read further by its reader
VERSION = Key("a version", str, fits=lambda value: bad_version(str(value)) is None)
PROVIDER = one_of("local", "openai", "replay")
"""By name, as in `ALL_PROVIDERS`: a request for another one would be admitted, counted, and fail."""
SUBJECT = Key("up to 256 printable characters", str, r"[^\x00-\x1f\x7f-\x9f]{0,256}")
REASON = Key("up to 500 printable characters", str, r"[^\x00-\x1f\x7f-\x9f]{0,500}")
OVERRIDE = Key(
    "a reason in 1 to 256 printable characters",
    str,
    r"\s*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{0,255}",
)
BASE64 = Key("base64", str, r"(?:[A-Za-z0-9+/]{4})+|(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2}")
TOKENS = Key("a whole number above 0", int, fits=lambda value: isinstance(value, int) and value > 0)
DOLLARS = Key(
    "a number from 0",
    (int, float),
    fits=lambda value: isinstance(value, int | float) and 0 <= value < math.inf,
)


def has_lone_surrogate(value: Value) -> bool:
    """Whether a text in it holds half a character (a lone surrogate), which no file can keep."""
    return bool(_HALF.search(json.dumps(value, ensure_ascii=False)))


def read_keys(value: Object, keys: Mapping[str, Key], *, required: str = "workflow") -> Object:
    """The object itself; `UsageError` for an unknown key, a value that doesn't fit or a missing required one."""
    form = ", ".join(f'"{name}": {key.meant}' for name, key in keys.items())
    hint = f"the form is {{{form}}}; only {required} is required"
    for name, item in value.items():
        if name not in keys:
            raise UsageError(f"the request's key {name[:40]!r} is unknown", hint=hint)
        if not keys[name].takes(item):
            raise UsageError(
                f"the request's {name!r} is {_shown(item)}, but {keys[name].meant} is meant",
                hint=hint,
            )
        if name != INPUTS and has_lone_surrogate(
            item
        ):  # of inputs each is judged by its name, sealed ones too
            raise UsageError(
                f"the request's {name!r} holds half a character",
                hint="send whole Unicode characters: a lone surrogate is not one",
            )
    if required not in value:
        raise UsageError(f"the request has no {required!r}", hint=hint)
    return value


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return repr(value[:40])
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)[:40]
    return "a list" if isinstance(value, list) else "an object"

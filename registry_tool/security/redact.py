"""Secrets out of text, before it is hashed, stored or shown.

What the recognisers of `secrets.py` know is found as it stands and behind escapes, base64 and the like
(`encodings.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Value
from registry_tool.security.encodings import Bound, decoded, file_layers
from registry_tool.security.escapes import unescaped
from registry_tool.security.layers import Layer, Span
from registry_tool.security.literals import Longest
from registry_tool.security.quoting import Quotes, spellings
from registry_tool.security.secrets import Secret, secrets_in, spans_in

REPLACEMENT = "[SECRET]"
MOST_DECODED: Final = 2**25
"""Bytes that a text's encoded and compressed parts may expand to where it is looked through to be shown."""
_MOST_LOOKS = 4
_NAME = 64  # characters
_REPEATED = 12  # characters; shorter ones may be words of the text around


def redact_secrets(text: str) -> str:
    """The text with everything that looks like a credential replaced.

    What stood beside one may look like one itself then, so it is looked at again: redacting twice changes nothing.
    """
    for _ in range(_MOST_LOOKS):
        shown = _replaced(text)
        if shown == text:
            break
        text = shown
    return text


def _replaced(text: str) -> str:
    parts, done = [], 0
    for start, end in secret_spans(text):
        parts += [text[done:start], REPLACEMENT]
        done = end
    return "".join([*parts, text[done:]])


def redact_value(value: Value, keep: Collection[str] = ()) -> Value:
    """Redact every text in a value, keys included; the values of the outermost keys in `keep` stay."""
    if isinstance(value, str):
        return redact_secrets(value)
    if isinstance(value, list):
        return [redact_value(item) for item in value]
    if isinstance(value, dict):
        return {
            _redacted_key(key): item if key in keep else redact_value(item)
            for key, item in value.items()
        }
    return value


def _redacted_key(key: str) -> str:
    """Cached where it is short: a list's objects have the same keys, and a look takes longer than all else."""
    return _redacted_name(key) if len(key) <= _NAME else redact_secrets(key)


@lru_cache(maxsize=1024)
def _redacted_name(key: str) -> str:
    return redact_secrets(key)


def masked_lines(text: str, most: int | None = None) -> list[str]:
    """The text's lines with credentials covered; every other character keeps its line and column.

    `TooMuchError` as of `secret_texts`.
    """
    spans = _look(text, most).spans
    again = {text[start:end] for start, end in spans if end - start >= _REPEATED}
    text = _covered(text, spans)
    if again:  # also where it stands without a name that tells
        text = _covered(text, Longest(again).spans(text))
    return text.splitlines()


def _covered(text: str, spans: Iterable[Span]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts.append(text[done:start])
        parts += map(_cover, text[start:end].splitlines(keepends=True))
        done = end
    return "".join([*parts, text[done:]])


def _cover(piece: str) -> str:
    visible = piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    return f"{REPLACEMENT:*<{len(visible)}}"[: len(visible)] + piece[len(visible) :]


def secret_spans(text: str) -> list[Span]:
    """(start, end) of every credential in a text, whichever way it is spelled; without overlaps, in order."""
    found = list(spans_in(text)) if _has(text) else []
    found += [layer.origin(span) for layer in _hit(text) for span in spans_in(layer.text)]
    return _apart(found)


def _apart(found: Iterable[Span]) -> list[Span]:
    """Those that overlap are one."""
    apart: list[Span] = []
    for start, end in sorted(set(found)):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def secret_texts(text: str, most: int | None = None) -> frozenset[str]:
    """Every credential in a text, as it is spelled there and as it is meant.

    `TooMuchError` where it decodes and expands to more than `most` characters.
    """
    return _look(text, most).texts


class _CredentialHits(Record, frozen=True):
    """What a look through a text found: where credentials stand, and their spellings."""

    spans: tuple[Span, ...]
    texts: frozenset[str]


@lru_cache(maxsize=64)
def _look(text: str, most: int | None = None) -> _CredentialHits:
    """Cached: a report asks again for each of its parts."""
    found = list(spans_in(text)) if _has(text) else []
    meant: set[str] = set()
    for layer in _hit(text, most):
        spans = list(spans_in(layer.text))
        meant.update(layer.text[start:end] for start, end in spans)
        found += map(layer.origin, spans)
    apart = _apart(found)
    return _CredentialHits(
        tuple(apart), frozenset(meant | {text[start:end] for start, end in apart})
    )


def secrets_of_file(content: bytes) -> Iterator[tuple[Secret, str]]:
    """Every secret of a file, and the encoding that hides it ("": none); line and column are 0 if it has none.

    `TooMuchError`, behind those that stand there in plain text, where more is encoded than anybody looks at.
    """
    reported, known = set[int](), set[str]()
    for secret in secrets_in(content):
        if not secret.doubtful:
            reported.add(secret.line)
        known.add(secret.digest)
        yield secret, ""
    text = content.decode("utf-8", "replace")
    breaks = cache(partial(_breaks, text))  # most files are never asked for a line
    for layer in (*_file_hit(content), *_escaped_hit(text)):
        new = [one for one in secrets_in(layer.text.encode()) if one.digest not in known]
        if not new:
            continue
        first = _most_certain(new)
        wide = layer.encoding == "UTF-16"  # its lines are those that an editor shows
        ends = cache(partial(_breaks, layer.text)) if wide else breaks
        for span in spans_in(layer.text):
            secret = _placed(first, span if wide else layer.origin(span), ends)
            if secret.line not in reported or not secret.line:
                yield secret, layer.encoding


def _most_certain(found: list[Secret]) -> Secret:
    """Stands for all of a layer's; more than one has no digest that names it."""
    first = next((secret for secret in found if not secret.doubtful), found[0])
    return first if len(found) == 1 else replace(first, digest="")


def _placed(found: Secret, span: Span, ends: Callable[[], list[int]]) -> Secret:
    start, end = span
    if start == end:
        return replace(found, line=0, column=0)
    before = bisect_left(ends(), start)
    return replace(found, line=before + 1, column=start - (ends()[before - 1] if before else -1))


def _breaks(text: str) -> list[int]:
    """Where a text's lines end."""
    return [match.start() for match in re.finditer("\n", text)]


class Redactor:
    """`redact_secrets` that also knows certain secrets, and takes out what is quoted of them."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = Quotes({form for text in known for form in spellings(text) if form})

    def __call__(self, text: str) -> str:
        """The text, fit to be shown."""
        return self._known.without(redact_secrets(text), REPLACEMENT)


def _has(text: str) -> bool:
    return next(secrets_in(text.encode("utf-8", "replace")), None) is not None


def _hit(text: str, most: int | None = None) -> list[Layer]:
    """The decoded layers of a text that hold a secret."""
    bound = Bound(most)
    escaped = _escaped_hit(text, bound)
    return [*escaped, *_with_secrets(list(decoded(text, bound=bound)))]


def _escaped_hit(text: str, bound: Bound | None = None) -> list[Layer]:
    """Those of its escapes. What an escape hides in base64 has the place of the escaped text around it."""
    layers = list(unescaped(text))
    inner = [
        Layer(found.text, found.encoding, partial(_through, layer, found))
        for layer in layers
        for found in decoded(layer.text, bound=bound)
    ]
    return _with_secrets([*layers, *inner])


def _through(layer: Layer, found: Layer, span: Span) -> Span:
    return layer.origin(found.origin(span))


def _file_hit(content: bytes) -> list[Layer]:
    return _with_secrets(list(file_layers(content)))


def _with_secrets(layers: list[Layer]) -> list[Layer]:
    """Those that hold a secret; most texts hold none, and one look at all tells."""
    if not layers or not _has("\n".join(layer.text for layer in layers)):
        return []
    return [layer for layer in layers if _has(layer.text)]

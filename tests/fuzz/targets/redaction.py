"""The recognisers' redaction: a credential that is recognised stands nowhere in what is shown of its text."""

from __future__ import annotations

import base64
import random
import re

from registry_tool.security.redact import (
    REPLACEMENT,
    Redactor,
    masked_lines,
    redact_secrets,
    secret_spans,
    secret_texts,
)
from tests.fuzz import seeds
from tests.fuzz.target import Target
from tests.security.recogniser_corpora import labelled

_CORPUS = "secrets/kinds.txt"
_SHORTEST = 12  # shorter ones may be words of the text around


def check(data: bytes) -> None:
    """Spans in order, the text around them kept, lines and columns kept, nothing of a credential left."""
    text = data.decode("utf-8", "replace")
    spans = secret_spans(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text), f"the span {start}–{stop} is out of order"
        end = stop
    shown = redact_secrets(text)
    pieces = [
        text[a:b]
        for a, b in zip([0, *(s[1] for s in spans)], [*(s[0] for s in spans), None], strict=True)
    ]
    kept = redact_secrets(REPLACEMENT.join(pieces))
    assert shown == kept, "the text around is not kept"
    _gone(text, shown, "redacted")
    masked = masked_lines(text)
    assert list(map(len, masked)) == list(map(len, text.splitlines())), "columns are not kept"
    _gone(text, "\n".join(masked), "masked")
    known = [text[start:stop] for start, stop in spans]
    assert not [one for one in known if len(one) >= _SHORTEST and one in Redactor(known)(text)], (
        "known"
    )
    assert redact_secrets(shown) == shown, "redacting twice changes it"


def _gone(text: str, shown: str, how: str) -> None:
    """No recognised credential is left as a word of its own; inside a longer run of letters it may be none."""
    for secret in secret_texts(text):
        alone = rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])"
        found = len(secret) >= _SHORTEST and re.search(alone, shown)
        assert not found, f"a credential is {how} and still there"


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """A credential of the corpus put into the text, as it is or in another spelling."""
    token = rng.choice(_tokens())
    match rng.randrange(7):
        case 0:
            token = base64.b64encode(token)
        case 1:
            at = rng.randrange(len(token))
            token = token[:at] + b"\\x%02x" % token[at] + token[at + 1 :]
        case 2:
            token = b"".join(b"\\u%04x" % sign for sign in token)
        case 3:
            at = rng.randint(0, len(token))
            token = token[:at] + rng.choice((b"\\\n", b"\n  ", b"\xe2\x80\x8b", b" ")) + token[at:]
        case 4:
            token = token.hex().encode()
        case _:
            pass
    at = rng.randint(0, len(data))
    glue = rng.choice((b"", b" ", b"\n", b'"', b"=", b": ", b"x", b"-", b"\xc3\xa9", b"//"))
    return data[:at] + glue + token + rng.choice((glue, b"")) + data[at:]


def _tokens() -> list[bytes]:
    return [text.encode() for _, text in labelled(_CORPUS)]


def _seeds() -> dict[str, bytes]:
    found = {label: text.encode() for label, text in labelled(_CORPUS)}
    wanted = seeds.small(seeds.files(".yaml", ".json", ".txt"), 1024)
    return found | {name: data for name, data in wanted.items() if "secret" in name}


TARGET = Target(
    "redaction",
    "registry_tool/security/redact.py",
    check,
    _seeds,
    ("\\u0067", "\\x67", "-----BEGIN PRIVATE KEY-----", "password=", "://", "==", "\\\n"),
    _mutated,
    largest=2048,
)

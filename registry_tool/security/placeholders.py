"""What stands where a credential would: documented samples, and texts that say that they are placeholders.

Samples are kept as the first 16 hexadecimal digits of their SHA-256, so that no scanner stumbles over this file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from registry_tool.core.patterns import compiled_once

_MOST = 512
_WORDS = compiled_once(
    r"example|sample|placeholder|dummy|fake|your|redacted|changeme|change_me|change-me|replace|insert|goes[_-]?here|"
    r"notreal|not[_-]a[_-]real|invalid|mytoken|my[_-]?key|my[_-]?secret|secret[_-]?here|token[_-]?here|key[_-]?here",
    re.IGNORECASE,
)
_RUN = compiled_once(
    r"([A-Za-z0-9*.#_?+-])\1{5,}|[xX*•.]{5,}|(?:0123){3,}|(?:abc){4,}", re.IGNORECASE
)
_SHOWN = compiled_once(
    r"user(?:name)?|pass|passwd|password|passw0rd|password1|password123|pwd|pw|p|secret|token|key|api_?key|admin|root|"
    r"guest|test|testing|postgres|mysql|redis|mongo|mongodb|rabbitmq|minio|minioadmin|change-?me|example|default|demo|"
    r"dev|local|x-oauth-basic|x-access-token|hunter2|foo|bar|baz|abc|123456789|12345678|123456|12345|1234|123|p@ss|"
    r"p@ssw0rd|s3cret|topsecret|my(?:password|secret|pass)|port|credentials|none|null"
)
_TEMPLATE = compiled_once(
    r"[<>{}]|\$\(|\$\w|^\$|%\(|%s|%[A-Za-z_]+%|^\[.*\]?|\*{2,}|•|…|\.{3}|^[xX]+$|^:|^@"
)

_DOCUMENTED: Final = frozenset(
    {
        "2cafc0970149a84f",  # Stripe
        "f2d6ca16515033e5",  # Stripe
        "7e8de44ea9ecf6d5",  # Stripe
        "0011cc25eb432071",  # Azurite
        "aa6547439583c3a2",  # Cosmos DB's emulator
        "cf4d418ed3de92d7",  # RFC 7617
        "6c96130f130ab0d6",  # RFC 6749
        "8d4ef6536dc8895f",  # RFC 7515
    }
)
_SAMPLE_CLAIMS = (b'"1234567890"', b'"John Doe"')  # https://jwt.io, whatever the algorithm


def digest(value: str) -> str:
    """A value's SHA-256, hexadecimal: what an allow-list names it by."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def is_placeholder(value: str) -> bool:
    """True for a text that says itself that it stands for a credential."""
    value = value[:_MOST]
    return bool(_RUN().search(value) or _WORDS().search(value))


def is_documented_sample(value: str) -> bool:
    """True for what an issuer's documentation shows, or a standard; of tokens with claims, by the claims."""
    return digest(value)[:16] in _DOCUMENTED or _has_sample_claims(value)


def _has_sample_claims(value: str) -> bool:
    claims = value[: 4 * _MOST].split(".")[1:2]
    if not claims or not claims[0].startswith("eyJ"):
        return False
    try:
        decoded = base64.urlsafe_b64decode(claims[0] + "=" * (-len(claims[0]) % 4))
    except ValueError:  # cut off: no encoder ends there
        return False
    return all(part in decoded for part in _SAMPLE_CLAIMS)


def is_password_placeholder(value: str) -> bool:
    """True for a password that every manual shows, and for a variable's name in its place."""
    bare = value.strip("\"'").casefold()
    return (
        not bare
        or _SHOWN().fullmatch(bare) is not None
        or bool(_TEMPLATE().search(value))
        or bool(
            re.search(
                r"example|placeholder|your|changeme|passw(?:or)?d$|^passw|secret$|_token$|_key$",
                bare,
            )
        )
        or len(set(bare)) < 3
    )

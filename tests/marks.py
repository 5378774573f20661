"""Marks in fixture files for what a readable file can't hold.

`<<char 202E>>` is a character by its code point, `<<byte FF>>` a raw byte, `<<times 1000 [>>` a repeated text, and
`<<join a b>>` is `ab`: a secret that must not stand in the repository as it is (`_` is a blank in PEM headers).
"""

from __future__ import annotations

import re

_MARK = re.compile(r"<<(join|char|byte|times) ([^<>]+)>>")


def expanded(text: str) -> str:
    """The text with its marks replaced; raw bytes stand as surrogates (see `expanded_bytes`)."""

    def one(match: re.Match[str]) -> str:
        kind, rest = match[1], match[2]
        if kind == "char":
            return chr(int(rest, 16))
        if kind == "byte":
            return bytes.fromhex(rest).decode("utf-8", "surrogateescape")
        if kind == "times":
            number, _, what = rest.partition(" ")
            return what.replace("\\n", "\n") * int(number)
        joined = rest.replace(" ", "")
        return joined.replace("_", " ") if "KEY" in joined else joined

    return _MARK.sub(one, text)


def expanded_bytes(text: str) -> bytes:
    """The text's bytes with its marks replaced; lone surrogates as a careless program would write them."""
    found = expanded(text)
    try:
        return found.encode()
    except UnicodeEncodeError:
        return b"".join(map(_character, found))


def _character(char: str) -> bytes:
    handler = "surrogateescape" if 0xDC80 <= ord(char) <= 0xDCFF else "surrogatepass"
    return char.encode("utf-8", handler)

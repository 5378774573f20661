"""Texts with runs and escapes, and a credential as archives hold it."""

from __future__ import annotations

import base64
import io
import zipfile

from hypothesis import strategies as st

TOKEN = "ghp_" + "012345678901234567890123456789abcdEF"


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", data)
    return buffer.getvalue()


_ESCAPES = [
    "\\x41",
    "\\\\x41",
    "\\u0041",
    "\\U00000041",
    "\\101",
    "\\n",
    "\\/",
    "%41",
    "&#65;",
    "&#x41;",
]


_PIECES = st.one_of(
    st.sampled_from(
        [*_ESCAPES, "\\\n  ", "\\\r\n\t\\", "\\", "&#", "%", "\n", " ", '"', "=", "é", "\ud800"]
    ),
    st.text("AZaz09+/_-", min_size=1, max_size=45),
    st.text("abcdef0123456789", min_size=1, max_size=45),
    st.text(min_size=1, max_size=30).map(
        lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode()
    ),
    st.sampled_from(["\\x41", "a b ", "\n", "0" * 40]).flatmap(
        lambda unit: st.integers(1, 300).map(lambda times: unit * times)
    ),
)


_TEXTS = st.lists(_PIECES, max_size=10).map("".join)

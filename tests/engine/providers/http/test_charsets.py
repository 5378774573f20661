"""Labels of the web, and no codec that somebody else could choose to keep us busy with."""

from __future__ import annotations

import codecs

import pytest

from registry_tool.engine.providers.http import charsets
from registry_tool.engine.providers.http.charsets import codec_named_by


@pytest.mark.parametrize(
    ("header", "codec"),
    [
        ("", "utf-8"),
        ("text/html", "utf-8"),
        ("text/html; charset=UTF-8", "utf-8"),
        ("text/html; Charset = 'latin1'", "iso-8859-1"),
        ('text/html; charset="Shift_JIS"', "shift_jis"),
        ("text/html;charset=gb2312", "gbk"),
        *((f"text/plain; charset={name}", None) for name in ("punycode", "idna", "utf-7", "rot13")),
        *((f"text/plain; charset={name}", None) for name in ("unicode_escape", "zlib", "os", "x")),
    ],
)
def test_a_label_is_the_web_s_or_is_not_read(header: str, codec: str | None) -> None:
    assert codec_named_by(header) == codec


def test_every_codec_is_one_of_python_s_for_text() -> None:
    for codec in set(charsets._CODECS.values()):
        assert codecs.lookup(codec)._is_text_encoding  # type: ignore[attr-defined]
        assert b"ab".decode(codec, "replace")

"""Prose is told from data."""

from __future__ import annotations

import base64
import random

import pytest

from registry_tool.security.scanning.prose import is_prose


@pytest.mark.parametrize(
    "text",
    [
        "Please read this text with care.",
        "это совсем обычный русский текст",
        "请阅读这一段很普通的文字。",
        "x\n\nthe hours are nine to five\n",
    ],
)
def test_prose_is_known(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"page":2,"size":50}',
        "a b c d e f g h",
        "one two",
        "1 2 3 4 5 6 7 8",
        "bcd fgh jkl mnp qrs tvw",
        "/usr/lib/x/y",
    ],
)
def test_data_is_none(text: str) -> None:
    assert not is_prose(text)


def test_bytes_of_chance_are_none() -> None:
    chance = random.Random(3).randbytes(100_000)  # noqa: S311
    assert not is_prose(base64.b85encode(chance).decode())
    assert not is_prose(chance.decode("latin-1"))

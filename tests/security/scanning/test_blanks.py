"""What stands far behind blanks is found where it begins."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.blanks import far_texts


@pytest.mark.parametrize(
    "blanks",
    [
        "\n" * 100_000,
        "\n \t" * 60,
        "\r\n" * 60,
        "\n\u00a0\u3000" * 60,
        " " * 300,
        "\u2800" * 400,
        "&nbsp;\n" * 80,
        "<br>" * 90,
    ],
)
def test_a_text_behind_many_blanks_is_found(blanks: str) -> None:
    text = f"begin{blanks}end"
    assert [far.at for far in far_texts(text)] == [len(text) - 3]


@pytest.mark.parametrize(
    "text",
    ["a" + "\n" * 20 + "b", "a" + " " * 200 + "b", "end" + "\n" * 5000, "\n" * 30 + "b", ("a" + " " * 59) * 900],
)  # fmt: skip
def test_blanks_that_hide_nothing_are_none(text: str) -> None:
    assert list(far_texts(text)) == []

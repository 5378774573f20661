"""Escapes are undone wherever they stand, and every place of the text stays known."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.security import escapes
from registry_tool.security.escapes import unescaped
from registry_tool.security.layers import Layer
from registry_tool.security.redact import redact_secrets
from tests.security.spelled_texts import _TEXTS, TOKEN

PARTS = ["a", "\\", "x41", "u0041", "\n", " ", "%41", "&#65;", "n", "é"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS)))
def test_places_of_an_unescaped_text_are_those_of_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    for layer in unescaped(text):
        check_places(text, layer)


def test_far_apart_escapes_are_looked_at_apart() -> None:
    text = f"{'word ' * 5000}%41b {'word ' * 5000}\\x67{TOKEN[1:]} {'word ' * 5000}"
    layers = list(unescaped(text))
    assert len(layers) == 2
    assert sum(len(layer.text) for layer in layers) < 3_000
    for layer in layers:
        check_places(text, layer)
    assert redact_secrets(text) == text.replace(f"\\x67{TOKEN[1:]}", "[SECRET]")


def check_places(text: str, layer: Layer) -> None:
    for position, character in enumerate(layer.text):
        start, end = layer.origin((position, position + 1))
        assert 0 <= start < end <= len(text)
        assert text[start:end] == character or text[start] in "\\%&"


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Every escape is looked at, one after the other."""
    start = end = -1
    for match in escapes._ESCAPE().finditer(text):
        if start >= 0 and match.start() > end:
            yield start, end
            start = -1
        if start < 0:
            start = escapes._word_start(text, match.start())
        if match.end() + escapes._AROUND > end:
            end = escapes._word_end(text, match.end())
    if start >= 0:
        yield start, end


@given(_TEXTS)
def test_escapes_are_undone_as_one_after_the_other(text: str) -> None:
    plain = [
        escapes._ESCAPE().sub(escapes.text_of_escape, text[start:end])
        for start, end in _stretches(text)
    ]
    assert [layer.text for layer in unescaped(text)] == plain

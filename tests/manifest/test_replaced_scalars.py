"""Other words in a manifest's text, and nothing else."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.replaced_scalars import with_scalars

TEXT = b"""\
# what it is for
a: { model: gpt-4, "n": [one, 'gpt-4'], label: Done? }   # kept
b:
  - model: "gpt-4"   # and this
    other: gpt-4
"""


def test_only_the_places_change() -> None:
    wanted = {("a", "model"): "gpt-5", ("a", "n", 1): "gpt-5", ("b", 0, "model"): "gpt-5"}
    assert with_scalars(TEXT, wanted, "t.yaml") == (
        b"# what it is for\n"
        b"a: { model: gpt-5, \"n\": [one, 'gpt-5'], label: Done? }   # kept\n"
        b'b:\n  - model: "gpt-5"   # and this\n    other: gpt-4\n'
    )


@pytest.mark.parametrize("new", ["no", "1e3", "2024-01-20T00:00:00Z", "a: b", "null", "7b"])
def test_what_would_be_read_otherwise_is_quoted(new: str) -> None:
    found = with_scalars(b"model: gpt-4\r\nb: 1\r\n", {("model",): new}, "t.yaml")
    assert found == f'model: "{new}"\r\nb: 1\r\n'.encode()


def test_a_place_that_is_not_there_or_no_plain_text_is_an_error() -> None:
    with pytest.raises(RegistryError, match=r"can't be changed in its place: model"):
        with_scalars(b"model: |\n  gpt-4\n", {("model",): "gpt-5"}, "t.yaml")

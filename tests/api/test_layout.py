"""Where documents are, and the sum that guards a resolver's line."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from registry_tool.api.layout import INDEX, sparse_path, summed


@pytest.mark.parametrize(
    ("name", "path"),
    [("hello", "sparse/he/hello"), ("ab", "sparse/ab/ab"), ("a", "sparse/a_/a")],
)
def test_a_line_of_versions_has_a_folder_of_its_first_two_letters(name: str, path: str) -> None:
    assert sparse_path(name) == path


def test_a_flipped_byte_shows() -> None:
    line = summed({"name": "hello", "version": "1.0.0"})
    document = json.loads(line)
    own = json.dumps({k: v for k, v in document.items() if k != "sum"}, separators=(",", ":"))
    assert document["sum"] == sha256(own.encode()).hexdigest()[:16]
    assert INDEX == "api/v1/index.json"

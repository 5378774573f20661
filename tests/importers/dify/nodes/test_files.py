"""What a file is asked for, when it is a path or an object."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.dify.nodes.files import OF_FILE, with_files

NAMES: Any = {}
exec(OF_FILE, NAMES)  # noqa: S102 - helpers of generated code


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("docs/a.PDF", "extension", ".pdf"),
        ("docs/a.PDF", "name", "a.PDF"),
        ("a", "extension", ""),
        ("song.mp3", "type", "audio"),
        ("a.xyz", "type", "custom"),
        ({"url": "https://h.example/p.png?size=1"}, "type", "image"),
        ({"url": "https://h.example/p.png"}, "transfer_method", "remote_url"),
        ({"extension": "png"}, "extension", ".png"),
        ({"size": 3}, "size", 3),
        ({}, "size", None),
    ],
)
def test_a_property(file: Any, key: str, value: Any) -> None:
    assert NAMES["of_file"](file, key) == value


def test_the_helpers_come_along_where_they_are_used() -> None:
    assert with_files("of_file(x)").startswith(OF_FILE)
    assert with_files("x") == "x"

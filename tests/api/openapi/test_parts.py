"""The parts of the description."""

from __future__ import annotations

from registry_tool.api.openapi.parts import merged
from registry_tool.core.values import Object


def test_parts_of_the_description_share_paths() -> None:
    reading: Object = {"/a": {"get": {}}, "/b": {"get": {}}}
    assert merged(reading, {"/a": {"post": {}}}) == {
        "/a": {"get": {}, "post": {}},
        "/b": {"get": {}},
    }

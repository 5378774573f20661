"""The description of what changes a registry."""

from __future__ import annotations

from registry_tool.api.changing import PATHS, merged
from registry_tool.core.values import Object


def test_parts_of_the_description_share_paths() -> None:
    reading: Object = {"/a": {"get": {}}, "/b": {"get": {}}}
    assert merged(reading, {"/a": {"post": {}}}) == {
        "/a": {"get": {}, "post": {}},
        "/b": {"get": {}},
    }


def test_every_change_takes_a_token_and_says_what_is_refused() -> None:
    for path, item in PATHS.items():
        assert isinstance(item, dict)
        for told in item.values() if not path.startswith("/auth/") else ():
            assert isinstance(told, dict)
            assert told["security"] == [{"bearerAuth": []}]
            assert {"400", "401", "403", "422"} <= set(told["responses"])  # type: ignore[arg-type]

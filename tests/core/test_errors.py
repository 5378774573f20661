from __future__ import annotations

import pytest

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError, UsageError


@pytest.mark.parametrize(
    ("place", "way_out", "text"),
    [
        ("", "", "it broke"),
        ("a.yaml:1:2", "", "a.yaml:1:2: it broke"),
        ("", "mend it", "it broke (mend it)"),
        ("a.yaml", "mend it", "a.yaml: it broke (mend it)"),
    ],
)
def test_place_reason_and_way_out_are_told(place: str, way_out: str, text: str) -> None:
    assert str(RegistryError("it broke", place=place, way_out=way_out)) == text


def test_wrong_usage_has_an_exit_code_of_its_own() -> None:
    codes = {kind: kind("x").exit_code for kind in (UsageError, NotFoundError, MissingToolError)}
    assert codes == {UsageError: 2, NotFoundError: 1, MissingToolError: 1}

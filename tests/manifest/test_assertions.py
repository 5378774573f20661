"""Names of assertions: which are known, and the fix where one is not."""

from __future__ import annotations

import pytest

from registry_tool.manifest import assertions as names


@pytest.mark.parametrize("name", sorted(names.ASSERTIONS))
def test_every_name_may_be_denied(name: str) -> None:
    assert names.is_known(name)
    assert names.is_known(f"not-{name}")
    assert names.base_name(f"not-{name}") == name


@pytest.mark.parametrize("name", sorted(names.NOT_SUPPORTED))
def test_what_is_not_supported_has_its_reason(name: str) -> None:
    assert not names.is_known(name)
    assert names.hint(name) == names.hint(f"not-{name}") == names.NOT_SUPPORTED[name]


def test_a_typing_error_is_reported_the_nearest_name_and_all_of_them() -> None:
    hint = names.hint("not-containss")
    assert hint.startswith("did you mean 'contains'? ")
    assert all(name in hint for name in names.ASSERTIONS)


def test_no_name_has_a_field_twice_or_one_that_all_have() -> None:
    for name, fields in names.ASSERTIONS.items():
        own = [*fields.needed, *fields.optional]
        assert len(set(own)) == len(own), name
        assert not set(own) & set(names.COMMON_FIELDS), name

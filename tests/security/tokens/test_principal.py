"""What a credential lets its person do."""

from __future__ import annotations

from registry_tool.security.tokens.principal import ANONYMOUS, PUBLISH, READ, RUN, Principal


def test_a_credential_is_for_its_scopes_and_workflows() -> None:
    one = Principal(7, "ada", frozenset({PUBLISH}), "key:1", frozenset({"hello"}))
    assert one.lets(PUBLISH, "hello")
    assert not one.lets(PUBLISH, "other")
    assert not one.lets(PUBLISH)
    assert not one.lets(RUN, "hello")


def test_nobody_reads_and_does_nothing_else() -> None:
    assert ANONYMOUS.is_anonymous
    assert ANONYMOUS.lets(READ, "hello")
    assert not ANONYMOUS.lets(RUN, "hello")

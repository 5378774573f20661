"""Reviewed credentials: whose digest may be shown, of a short or plain secret it would tell the value."""

from __future__ import annotations

import pytest

from registry_tool.rules.not_secrets import SecretPolicy
from registry_tool.security.secrets import Secret


@pytest.mark.parametrize(("guessable", "shown"), [(True, False), (False, True)])
def test_only_a_digest_that_tells_nothing_is_shown(guessable: bool, shown: bool) -> None:
    secret = Secret(1, 1, "Password", doubtful=True, digest="ab" * 32, guessable=guessable)
    _, help_, _ = SecretPolicy().judge(secret, "this line", "")
    assert ("ab" * 32 in help_) is shown
    assert "not-secrets.txt" in help_

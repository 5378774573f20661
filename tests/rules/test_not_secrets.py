"""Reviewed credentials: whose digest may be shown, of a short or plain secret it would tell the value."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import Severity
from registry_tool.rules.not_secrets import SecretPolicy, listed_digests, misread
from registry_tool.security.secrets import Secret


@pytest.mark.parametrize(("guessable", "shown"), [(True, False), (False, True)])
def test_only_a_digest_that_tells_nothing_is_shown(guessable: bool, shown: bool) -> None:
    secret = Secret(1, 1, "Password", doubtful=True, digest="ab" * 32, guessable=guessable)
    _, help_, _ = SecretPolicy().judge(secret, "this line", "")
    assert ("ab" * 32 in help_) is shown
    assert "not-secrets.txt" in help_


DIGEST = "ab" * 32


def test_a_line_names_a_digest_and_a_reason() -> None:
    text = f"# ours\n\n{DIGEST} an example of the docs\nsha256:{DIGEST[::-1]}\tanother\n"
    assert listed_digests(text.encode()) == {
        DIGEST: "an example of the docs",
        DIGEST[::-1]: "another",
    }
    assert list(misread(text.encode())) == []


@pytest.mark.parametrize("line", [DIGEST, f"{DIGEST[:-1]} why", f"{DIGEST.upper()} why", "why"])
def test_a_line_without_them_is_reported_and_lists_nothing(line: str) -> None:
    content = f"{DIGEST} fine\n{line}\n".encode()
    assert listed_digests(content) == {DIGEST: "fine"}
    (problem,) = misread(content)
    assert (problem.path, problem.location) == ("not-secrets.txt", (2, 1))
    assert problem.help


def test_what_is_listed_waits_for_a_human_and_what_is_sure_is_an_error() -> None:
    secret = Secret(1, 1, "Token", doubtful=False, digest=DIGEST, guessable=False)
    message, help_, severity = SecretPolicy().judge(secret, "this line", "base64")
    assert (message, severity) == (
        "this line holds a secret (Token, behind base64)",
        Severity.ERROR,
    )
    assert DIGEST in help_
    listed = SecretPolicy({DIGEST: "ours"})
    message, help_, severity = listed.judge(secret, "this line", "")
    assert (severity, help_) == (Severity.HOLD, "a maintainer decides")

"""How many credentials are caught, and how many harmless texts are refused: measured on two corpora."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from registry_tool.security.credential_kinds.all_kinds import ALL_KINDS
from registry_tool.security.redact import REPLACEMENT, redact_secrets
from registry_tool.security.secrets import _compiled, secrets_in
from tests import bounded
from tests.marks import expanded
from tests.security.recogniser_corpora import labelled, lines

CAUGHT, REFUSED = 0.95, 0.02
KINDS = labelled("secrets/kinds.txt")
HARMLESS = lines("secrets/harmless.txt")
_DETECTORS = (
    *("aws.AWSKeyDetector", "azure_storage_key.AzureStorageKeyDetector", "npm.NpmDetector"),
    *(
        "discord.DiscordBotTokenDetector",
        "github_token.GitHubTokenDetector",
        "jwt.JwtTokenDetector",
    ),
    *("gitlab_token.GitLabTokenDetector", "mailchimp.MailchimpDetector", "slack.SlackDetector"),
    *("private_key.PrivateKeyDetector", "pypi_token.PypiTokenDetector", "stripe.StripeDetector"),
    *("sendgrid.SendGridDetector", "square_oauth.SquareOAuthDetector", "twilio.TwilioKeyDetector"),
    "telegram_token.TelegramBotTokenDetector",
)


def test_the_corpora_are_large_enough_and_name_each_kind_once() -> None:
    assert len({name for name, _ in KINDS}) == len(KINDS) >= 80
    assert len(set(HARMLESS)) == len(HARMLESS) >= 200


def test_credentials_are_caught() -> None:
    missed = [name for name, text in KINDS if not list(secrets_in(text.encode()))]
    assert len(missed) <= (1 - CAUGHT) * len(KINDS), missed


def test_what_is_caught_is_redacted_whole() -> None:
    for name, text in KINDS:
        for secret in secrets_in(text.encode()):
            clean = redact_secrets(text)
            assert REPLACEMENT in clean, name
            assert not list(secrets_in(clean.encode())), (name, secret.kind)


def test_harmless_texts_are_not_refused() -> None:
    refused = [text for text in HARMLESS if any(not s.doubtful for s in secrets_in(text.encode()))]
    assert len(refused) <= REFUSED * len(HARMLESS), refused


def test_few_harmless_texts_wait_for_a_human() -> None:
    held = [text for text in HARMLESS if list(secrets_in(text.encode()))]
    assert len(held) <= REFUSED * len(HARMLESS), held


def _detect_secrets() -> list[Any]:  # detect_secrets has no stubs
    found = []
    for name in _DETECTORS:
        module, cls = name.split(".")
        found.append(getattr(import_module(f"detect_secrets.plugins.{module}"), cls)())
    return found


def test_what_detect_secrets_finds_is_found() -> None:
    """The maintained rule set whose facts the table takes part in."""
    detectors, seen = _detect_secrets(), set()
    for name, text in KINDS:
        for detector in detectors:
            if next(iter(detector.analyze_string(text)), None) is not None:
                seen.add(type(detector).__name__)
                assert list(secrets_in(text.encode())), (name, detector)
    assert len(seen) == len(_DETECTORS), "a kind of theirs is not in the corpus"


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_time_grows_with_the_length(kind: Any) -> None:
    """A square would take minutes."""
    mark, pattern = kind.marks[0], _compiled(ALL_KINDS.index(kind))
    with bounded.ends():
        for unit in (mark, f"{mark}a1-", f" {mark}=", f"{mark}{'a1' * 40} "):
            for _ in pattern.finditer(unit * (200_000 // len(unit))):
                pass


@pytest.mark.parametrize("unit", ["eyJ", "\n", "a"])
def test_two_mebibytes_are_judged(unit: str) -> None:
    text = unit * (2 * 2**20 // len(unit))
    with bounded.ends():
        assert list(secrets_in(text.encode())) == []


@pytest.mark.parametrize(
    "unit",
    ["-----BEGIN PRIVATE " + "KEY-----", "<<join ghp_ a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8>> "],
)
def test_many_secrets_are_redacted(unit: str) -> None:
    unit = expanded(unit)
    with bounded.ends():
        assert unit.strip() not in redact_secrets(unit * (200_000 // len(unit)))

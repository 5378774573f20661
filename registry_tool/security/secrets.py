"""Credentials in text, found by detect-secrets' recognisers; values are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

# Recognisers of credentials with a form of their own. The entropy and keyword ones of detect-secrets guess,
# and a guess would refuse honest prompts.
_PLUGINS = (
    "aws.AWSKeyDetector",
    "azure_storage_key.AzureStorageKeyDetector",
    "discord.DiscordBotTokenDetector",
    "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector",
    "jwt.JwtTokenDetector",
    "mailchimp.MailchimpDetector",
    "npm.NpmDetector",
    "private_key.PrivateKeyDetector",
    "pypi_token.PypiTokenDetector",
    "sendgrid.SendGridDetector",
    "slack.SlackDetector",
    "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector",
    "telegram_token.TelegramBotTokenDetector",
    "twilio.TwilioKeyDetector",
)
# What detect-secrets 1.5 does not know yet, and OpenAI's older keys: its own pattern takes quadratic time.
_OWN = (
    ("OpenAI key", re.compile(r"sk-[A-Za-z0-9_-]{0,160}[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9_-]{20,}")),
    ("OpenAI key", re.compile(r"\bsk-(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{20,}")),
    ("OpenAI-style key", re.compile(r"\bsk-[A-Za-z0-9]{32,}\b")),
    ("GitHub token", re.compile(r"\bgithub_pat_[A-Za-z0-9_]{22,}")),
    ("Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}\b")),
)
_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
_REST = re.compile(
    r"[A-Za-z0-9_-]*"
)  # a recogniser may stop before the end, as at a JWT's signature
# A long text is looked at piece by piece, since some recognisers take quadratic time. Pieces overlap by more
# than a credential is long; of a longer one, such as a JWT, the start is enough.
_PIECE, _OVERLAP = 8_000, 2_000


@dataclass(frozen=True, slots=True)
class Secret:
    """A place that holds a secret: its line and column from 1, and what kind it is."""

    line: int
    column: int
    kind: str


@cache
def _detectors() -> tuple[Any, ...]:  # detect_secrets has no stubs
    from importlib import import_module

    found = []
    for name in _PLUGINS:
        module, cls = name.split(".")
        found.append(getattr(import_module(f"detect_secrets.plugins.{module}"), cls)())
    return tuple(found)


def secrets_in(content: bytes) -> Iterator[Secret]:
    """Every line of a file that holds a secret; binary files are read as Latin-1."""
    text = content.decode("utf-8", "replace")
    if not _suspicious(text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if found := _first(line):
            yield Secret(number, found[1] + 1, found[0])


@cache
def _any_pattern() -> tuple[re.Pattern[str], ...]:
    """All patterns in one for each set of flags: most files hold none, and one search tells."""
    by_flags: dict[int, list[str]] = {}
    for pattern in (*(p for _, p in _OWN), *(p for d in _detectors() for p in d.denylist)):
        by_flags.setdefault(pattern.flags, []).append(pattern.pattern)
    return tuple(
        re.compile("|".join(f"(?:{part})" for part in parts), flags)
        for flags, parts in by_flags.items()
    )


_LONG_WORD = re.compile(r"[A-Za-z0-9_/+=.:-]{20}|PRIVATE KEY")
"""Every credential above has a word of at least 20 such characters; most prose and most manifests have none."""


def _suspicious(text: str) -> bool:
    if _LONG_WORD.search(text) is None:
        return False
    pieces = [piece for _, piece in _pieces(text)]
    return any(pattern.search(piece) for pattern in _any_pattern() for piece in pieces)


def _first(line: str) -> tuple[str, int] | None:
    """The kind of a line's first secret and where it starts, counted from 0."""
    for at, piece in _pieces(line):
        for kind, pattern in _OWN:
            if match := pattern.search(piece):
                return kind, at + match.start()
        for detector in _detectors():
            for start, _ in _spans(detector, piece):
                return str(detector.secret_type), at + start
    return None


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece) of overlapping pieces of a text; most lines are one."""
    for at in range(0, max(len(text) - _OVERLAP, 1), _PIECE - _OVERLAP):
        yield at, text[at : at + _PIECE]


def _spans(detector: Any, line: str) -> Iterator[tuple[int, int]]:
    """Where a recogniser says yes: what it returns itself may be a group, such as `ghp`."""
    if next(iter(detector.analyze_string(line)), None) is None:
        return
    for pattern in detector.denylist:
        for match in pattern.finditer(line):
            yield match.span()


def _word_end(text: str, at: int) -> int:
    match = _REST.match(text, at)
    return match.end() if match else at


def spans_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every credential in a text, without overlaps, in order."""
    found = [match.span() for _, pattern in _OWN for match in pattern.finditer(text)]
    found += [match.span() for match in _PEM.finditer(text)]
    at = 0
    for line in text.splitlines(keepends=True):
        for offset, piece in _pieces(line):
            for detector in _detectors():
                spans = _spans(detector, piece)
                found += [(at + offset + start, at + offset + stop) for start, stop in spans]
        at += len(line)
    end = 0
    for start, stop in sorted(set(found)):
        if stop > end:
            yield max(start, end), (end := _word_end(text, stop))

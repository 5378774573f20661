"""`not-secrets.txt` at a version's root: digests of what only looks like a secret, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.core.finding import Problem, Severity
from registry_tool.security.secrets import Secret

ALLOWED = "not-secrets.txt"
_LINE = re.compile(r"(?:sha256:)?([0-9a-f]{64})[ \t]+(\S.*)")
_REMOVE = "remove it, revoke it, and read it from the environment at run time"


@dataclass(frozen=True, slots=True)
class SecretPolicy:
    """How a secret is judged: `listed` says by SHA-256 digest why a text is not one, guesses get `doubtful`."""

    listed: Mapping[str, str] = field(default_factory=dict)
    doubtful: Severity = Severity.HOLD

    def judge(self, secret: Secret, where: str, encoding: str) -> tuple[str, str, Severity]:
        """Message, help and severity of a secret; never what it is."""
        kind = f"{secret.kind}, behind {encoding}" if encoding else secret.kind
        if secret.digest in self.listed:
            words = f"{where} holds what {ALLOWED} calls no secret ({kind})"
            return words, "a maintainer decides", self.doubtful
        help_ = _REMOVE
        if secret.digest:
            line = "its SHA-256" if secret.guessable else f"`{secret.digest} why`"
            how = " (printf %s VALUE | sha256sum) and why" if secret.guessable else ""
            help_ += f"; where it is not a secret, list it in {ALLOWED} as {line}{how}, and a maintainer decides"
        if secret.doubtful:
            return f"{where} holds what may be a secret ({kind})", help_, self.doubtful
        return f"{where} holds a secret ({kind})", help_, Severity.ERROR


def listed_digests(content: bytes) -> dict[str, str]:
    """Digest → reason of every sound line."""
    matches = (_LINE.fullmatch(line) for _, line in _lines(content))
    return {match[1]: match[2] for match in matches if match}


def misread(content: bytes) -> Iterator[Problem]:
    """The lines that name no digest or no reason."""
    for number, line in _lines(content):
        if not _LINE.fullmatch(line):
            yield Problem(
                (),
                "this line does not name a digest and a reason",
                "write the SHA-256 in hexadecimal, a blank, and why it is not a secret",
                path=ALLOWED,
                location=(number, 1),
            )


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text

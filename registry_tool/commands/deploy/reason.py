"""Why an operator does something, in their own words; it goes into events, status and the audit log."""

from __future__ import annotations

from registry_tool.core.errors import UsageError
from registry_tool.security.redact import redact_secrets

LONGEST = 500
"""Characters of a reason."""


def checked_reason(text: str) -> str:
    """The reason on one line; `UsageError` where it is too long, or holds a secret or control characters."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise UsageError(
            f"the reason has {len(text)} characters, more than {LONGEST}",
            hint="link to the rest",
        )
    if not text.isprintable():
        raise UsageError("the reason holds characters that can't be shown", hint="write plain text")
    if redact_secrets(text) != text:
        raise UsageError(
            "the reason holds what looks like a secret, and reasons stay in git's history",
            hint="leave it out, and revoke it where it was shown before",
        )
    return text

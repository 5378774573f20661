"""Secrets out of text, before it is hashed, stored or shown."""

from __future__ import annotations

from registry_tool.security.secrets import spans_in

REPLACEMENT = "[SECRET]"


def redact_secrets(text: str) -> str:
    """The text with everything that looks like a credential replaced."""
    for start, end in sorted(spans_in(text), reverse=True):
        text = text[:start] + REPLACEMENT + text[end:]
    return text

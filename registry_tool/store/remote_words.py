"""What a remote says beside git's own words: a forge's rule, a hook's text. It is a stranger's text."""

from __future__ import annotations

import re

_LINE = re.compile(r"(?:^|')remote: ?(.*)$", re.MULTILINE)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]{0,31}://)[^\s/@]+@", re.IGNORECASE)
_MOST_LINES = 40
_WIDEST = 400


def remote_words(stderr: str) -> str:
    """The lines that the remote sent, each with two spaces before it; empty where it sent none.

    At most 40 lines of 400 characters, and a word about the rest; no secret, nothing that a terminal obeys.
    """
    sent = "\n".join(
        line for text in _LINE.findall(stderr) if (line := text.rstrip().removesuffix("'").rstrip())
    )
    lines = _harmless(sent).split("\n") if sent else []
    more = len(lines) - _MOST_LINES
    rest = [f"  … and {more} more lines"] if more > 0 else []
    return "\n".join([*(f"  {_short(line)}" for line in lines[:_MOST_LINES]), *rest])


def tidy(line: str) -> str:
    """One line of git's own, as safe and as short."""
    return _short(_harmless(line))


def _harmless(text: str) -> str:
    """Without secrets and colours; other control characters become escapes."""
    # Imported here: its patterns are compiled for errors only.
    from registry_tool.security.redact import redact_secrets

    text = _PASSWORD.sub(r"\1", redact_secrets(_COLOUR.sub("", text)))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _short(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"

"""The one step that findings pass before any format shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from registry_tool.core.finding import Finding
from registry_tool.security.encodings import TooMuchError
from registry_tool.security.redact import MOST_DECODED, Redactor, secret_texts

MOST_CHARACTERS: Final = 2**20
"""Of all files with findings of a report together; the smallest ones go first."""
NOT_SHOWN: Final = (
    "the rule found something here; nothing of it is quoted, since a report looks through files of "
    "1 MiB together for secrets, and this one is beyond that or expands to too much"
)
HELP: Final = "look at the place; shorter files, and fewer with findings, are quoted"
_COSTLY = "limits"
_QUOTES_NOTHING = frozenset({_COSTLY, "secrets", "personal-data"})

Source = Callable[[str], str | None]
"""A file's text by path, None where there is none to show."""


@dataclass(frozen=True, slots=True)
class SafeFindings:
    """Findings without secrets, and the files that may be shown: those that were looked through."""

    findings: tuple[Finding, ...]
    source: Source


def redacted_findings(findings: Iterable[Finding], source: Source) -> SafeFindings:
    """The findings without what the recognisers know, and without quotes of a secret that their files hold.

    A rule may quote a value cut short, so that nobody would recognise it. `source` gives a file's text by path.
    What was refused for its size or its cost is not read here again: the rule `limits` quotes nothing of it. Of a
    file that is beyond what is looked through, no line is shown, and no words of a rule that quotes any.
    """
    listed = tuple(findings)
    costly = {one.path for one in listed if one.rule == _COSTLY}
    texts = {path: source(path) for one in listed if (path := one.path) not in costly}
    known, unseen = _secrets(texts)
    clean = Redactor(known)
    shown = tuple(_shown(one, clean, quoted=one.path not in unseen) for one in listed)
    hidden = frozenset(costly | unseen)
    return SafeFindings(shown, lambda path: None if path in hidden else source(path))


def without_secrets(findings: Iterable[Finding], source: Source) -> tuple[Finding, ...]:
    """The findings of `redacted_findings`."""
    return redacted_findings(findings, source).findings


def _secrets(texts: dict[str, str | None]) -> tuple[set[str], set[str]]:
    """What credentials the files hold, and the paths of those that were not looked through."""
    known, unseen, left = set[str](), set[str](), MOST_CHARACTERS
    present = [(path, text) for path, text in texts.items() if text]
    for path, text in sorted(present, key=lambda item: (len(item[1]), item[0])):
        left -= len(text)
        try:
            if left < 0:
                raise TooMuchError
            known |= secret_texts(text, MOST_DECODED)
        except TooMuchError:
            unseen.add(path)
    return known, unseen


def _shown(one: Finding, clean: Redactor, *, quoted: bool) -> Finding:
    if quoted or one.rule in _QUOTES_NOTHING:
        return replace(one, path=clean(one.path), message=clean(one.message), help=clean(one.help))
    return replace(one, path=clean(one.path), message=NOT_SHOWN, help=HELP)

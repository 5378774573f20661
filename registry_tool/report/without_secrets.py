"""The one step that findings pass before any format shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from registry_tool.core.finding import Finding
from registry_tool.security.redact import Redactor, secret_texts

_QUOTES_NOTHING = "limits"


def without_secrets(
    findings: Iterable[Finding], source: Callable[[str], str | None]
) -> tuple[Finding, ...]:
    """The findings without what the recognisers know, and without quotes of a secret that their files hold.

    A rule may quote a value cut short, so that nobody would recognise it. `source` gives a file's text by path.
    What was refused for its size or its cost is not read here again: the rule `limits` quotes nothing of it.
    """
    told = tuple(findings)
    quoting = (one.path for one in told if one.rule != _QUOTES_NOTHING)
    texts = (source(path) for path in dict.fromkeys(quoting))
    clean = Redactor(known for text in texts if text for known in secret_texts(text))
    return tuple(
        replace(one, path=clean(one.path), message=clean(one.message), help=clean(one.help))
        for one in told
    )

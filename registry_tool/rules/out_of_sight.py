"""No text stands behind so many blanks that whoever looks at a file's beginning never gets there."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import problems_in, text_of
from registry_tool.security.scanning.blanks import far_texts
from registry_tool.store.paths import COMPILED


def _check(subject: Subject) -> Iterator[Problem]:
    severity = subject.severity_of_policy
    for path, file in sorted(subject.files.items()):
        text = None if path == COMPILED else text_of(path, file.content)
        if text is not None:
            words = "a text goes on behind {}, out of sight"
            found = ((far.at, words.format(far.behind), severity) for far in far_texts(text))
            yield from problems_in(path, text, "take the blanks out", found)


RULE = Rule("out-of-sight", "No text far behind blanks.", _check)

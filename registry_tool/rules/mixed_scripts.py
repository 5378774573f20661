"""No word of Latin letters in which some only look like them: it is read as one word and is another."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import problems_in, text_of
from registry_tool.security.scanning.lookalikes import mixed_words
from registry_tool.store.paths import COMPILED

_HELP = "type it again with the letters of one script"


def _check(subject: Subject) -> Iterator[Problem]:
    severity = subject.severity_of_policy
    for path, file in sorted(subject.files.items()):
        text = None if path == COMPILED else text_of(path, file.content)
        if text is not None:
            found = ((at, _words(text[at:end]), severity) for at, end in mixed_words(text))
            yield from problems_in(path, text, _HELP, found)


def _words(word: str) -> str:
    strange = next(letter for letter in word if not letter.isascii())
    return f"a word only looks Latin: U+{ord(strange):04X} is a letter of another script"


RULE = Rule("mixed-scripts", "No word whose letters only look Latin.", _check)

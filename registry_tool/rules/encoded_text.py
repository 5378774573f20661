"""What an encoding hides waits for a human: words to an AI, commands, programs; a plain text is only told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import TextHit, problems_in, text_of
from registry_tool.security.encodings import TooMuchError
from registry_tool.security.hidden_text import hidden_in
from registry_tool.security.scanning.commands import commands_in
from registry_tool.security.scanning.decoding import HiddenText, hidden_texts
from registry_tool.security.scanning.orders import disguised_orders_in, orders_in
from registry_tool.security.scanning.pictures import read_picture
from registry_tool.security.scanning.prose import is_prose
from registry_tool.store.paths import COMPILED

_HELP = "write it in plain words, or take it out"
_TRANSPARENT = frozenset({"escapes", "ROT13"})
"""Of which each text has some: that it says something there is no news."""
_TURNED = ("ROT13",)
_PASSED_ON = frozenset({"escapes", "compression"})
"""What digits are written into, or stand for, without a purpose of its own."""
_MOST_HIDDEN = 8  # characters that nobody sees: fewer are examples


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if path == COMPILED or read_picture(file.content):
            continue  # it says what the manifest says, or is stale; pixels say everything
        text = text_of(path, file.content)
        if text is not None:
            yield from problems_in(path, text, _HELP, _in_text(text, subject.severity_of_policy))


def _in_text(text: str, held: Severity) -> Iterator[TextHit]:
    """What a text hides in encodings: `held` where it does harm, a warning where it is only prose."""
    known: set[int] = set()
    try:
        for hidden in hidden_texts(text):
            for at, words in _harmful(hidden):
                if at not in known:
                    known.add(at)
                    yield at, f"{words} hidden in {_how(hidden)}", held
            if not known and (place := _prose_at(hidden)) is not None:
                severity = held if _is_encoded_again(hidden) else Severity.WARNING
                yield (
                    place,
                    f"a text is written in {_how(hidden)}, where nobody reads it",
                    severity,
                )
    except TooMuchError:
        yield 0, "more is encoded in this file than is looked at", held


def _harmful(hidden: HiddenText) -> Iterator[tuple[int, str]]:
    if hidden.program and (at := hidden.origin((0, 0))) is not None:
        yield at, f"{hidden.program} is"
    disguised = () if hidden.how == _TURNED else disguised_orders_in(hidden.text)
    orders = chain(orders_in(hidden.text), disguised)
    for words, spans in (
        ("words to an AI that reads them are", orders),
        ("a command is", commands_in(hidden.text)),
    ):
        places = (hidden.origin(span) for span in spans)
        yield from ((at, words) for at in places if at is not None)
    unseen = list(hidden_in(hidden.text))
    if len(unseen) >= _MOST_HIDDEN:
        at = hidden.origin((unseen[0], unseen[-1] + 1))
        yield from ((at, "invisible characters are") for at in [at] if at is not None)


def _prose_at(hidden: HiddenText) -> int | None:
    """Where prose is encoded."""
    if set(hidden.how) <= _TRANSPARENT or not is_prose(hidden.text):
        return None
    return hidden.origin((0, len(hidden.text)))


def _is_encoded_again(hidden: HiddenText) -> bool:
    """Who encodes a text in digits twice hides it."""
    return sum(how not in _PASSED_ON for how in hidden.how) > 1


def _how(hidden: HiddenText) -> str:
    return " in ".join(reversed(hidden.how))


RULE = Rule("encoded-text", "Nothing is hidden in an encoding.", _check)

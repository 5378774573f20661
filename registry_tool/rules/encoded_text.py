"""What an encoding hides waits for a human: words to an AI, commands, programs; a plain text is only reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import TextHit, problems_in, text_of
from registry_tool.security.encodings import TooMuchError
from registry_tool.security.hidden_text import hidden_in
from registry_tool.security.layers import Span
from registry_tool.security.scanning.commands import commands_in
from registry_tool.security.scanning.decoding import HiddenText, hidden_texts
from registry_tool.security.scanning.orders import disguised_orders_in, orders_in
from registry_tool.security.scanning.pictures import read_picture
from registry_tool.security.scanning.prose import is_prose
from registry_tool.security.scanning.scrambled import SCRAMBLES
from registry_tool.store.paths import COMPILED

_HELP = "write it in plain words, or take it out"
_AS_ANY_TEXT = SCRAMBLES | {"escapes"}
_NOTHING: Iterable[Span] = ()
_PASSED_ON = frozenset({"escapes", "compression"})
"""What digits are written into, or stand for, without a purpose of its own."""
_MOST_HIDDEN = 8  # characters that nobody sees: fewer are examples, and so is a table of them
_NEAR = 4


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
                words = f"a text is written in {_how(hidden)}, where nobody reads it"
                yield place, words, held if _is_encoded_again(hidden) else Severity.WARNING
    except TooMuchError:
        yield 0, "more is encoded in this file than is looked at", held


def _harmful(hidden: HiddenText) -> Iterator[tuple[int, str]]:
    orders: Iterable[Span] = orders_in(hidden.text)
    commands = unseen = _NOTHING
    if not SCRAMBLES.issuperset(hidden.how):  # letters are scrambled for readers, who run nothing
        orders = chain(orders, disguised_orders_in(hidden.text))
        commands, unseen = commands_in(hidden.text), _unseen(hidden.text)
    for words, spans in (
        (f"{hidden.program} is", [(0, 0)] if hidden.program else _NOTHING),
        ("words to an AI that reads them are", orders),
        ("a command is", commands),
        ("invisible characters are", unseen),
    ):
        places = (hidden.origin(span) for span in spans)
        yield from ((at, words) for at in places if at is not None)


def _unseen(text: str) -> list[Span]:
    """Invisible characters that stand so close together that they may say something."""
    found = list(hidden_in(text))
    near = zip(found, found[_MOST_HIDDEN - 1 :], strict=False)
    return [(start, end + 1) for start, end in near if end - start < _NEAR * _MOST_HIDDEN][:1]


def _prose_at(hidden: HiddenText) -> int | None:
    """Where prose is encoded, and not only escaped or scrambled, as each text is that is."""
    if _AS_ANY_TEXT.issuperset(hidden.how) or not is_prose(hidden.text):
        return None
    return hidden.origin((0, len(hidden.text)))


def _is_encoded_again(hidden: HiddenText) -> bool:
    """Who encodes a text in digits twice hides it."""
    return sum(how not in _PASSED_ON for how in hidden.how) > 1


def _how(hidden: HiddenText) -> str:
    return " in ".join(reversed(hidden.how))


RULE = Rule("encoded-text", "Nothing is hidden in an encoding.", _check)

"""HTML in tokens, in time linear in its length, whatever it holds (docs/adr/0032 says why no parser is used).

After https://html.spec.whatwg.org/multipage/parsing.html#tokenization, without its rules for what stands where:
no tree is built. Patterns take what they match for good (`++`, `*+`), and what has no end ends the reading.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_Kind = Literal["open", "close", "comment", "doctype", "instruction", "text", "raw"]
_MARKUP = re.compile(r"<(?=[A-Za-z!?/])")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
# A `>` within the quotes of an attribute's value ends no tag.
_TAG_END = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])))*+>""")
_COMMENT = re.compile(r"<!--(?:-?>|(?s:.*?)(?:--!?>))")
_ATTRIBUTE = re.compile(
    r"""([^\s/>="'][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']?[^\s>]*+)))?+"""
)
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_READ = frozenset({"textarea", "title"})  # their text holds character references
_REFERENCE = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|[A-Za-z][A-Za-z0-9]{0,31}+;?)")
_LONGEST_REFERENCE = 40
_LONGEST_TAG = 2**14
"""Attributes of a longer tag are not read."""


class Token(NamedTuple):
    """One token. `name` is a tag's, in small letters; `text` is a text, or a whole tag or comment as it stands.

    `raw` is what a `script` or `style` holds. `closed` marks `<x/>`; `whole` is false for what never ends.
    """

    kind: _Kind
    text: str
    name: str = ""
    closed: bool = False
    whole: bool = True

    def attributes(self) -> dict[str, str]:
        """The attributes of an opening tag, the first of each name."""
        found: dict[str, str] = {}
        if len(self.text) <= _LONGEST_TAG:
            for match in _ATTRIBUTE.finditer(self.text, 1 + len(self.name)):
                value = match[2] or match[3] or match[4] or ""
                found.setdefault(match[1].lower(), resolved(value))
        return found


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order; one without its end is the last."""
    at = 0
    while at < len(text):
        match = _MARKUP.search(text, at)
        start = match.start() if match else len(text)
        if start > at:
            yield Token("text", resolved(text[at:start]))
        if start == len(text):
            return
        token, at = _marked(text, start)
        yield token
        if token.kind == "open" and token.name in _RAW and token.whole and not token.closed:
            end = _RAW[token.name].search(text, at)
            inside = text[at : end.start() if end else len(text)]
            if inside or end is None:
                yield _inside(token.name, inside, whole=end is not None)
            at += len(inside)


def _inside(name: str, text: str, *, whole: bool) -> Token:
    if name in _READ:
        return Token("text", resolved(text), name, whole=whole)
    return Token("raw", text, name, whole=whole)


def _marked(text: str, start: int) -> tuple[Token, int]:
    """The tag, comment or declaration at a `<`, and where it ends."""
    named = _NAME.match(text, start)
    if named is None:
        return _declared(text, start)
    end = _TAG_END.match(text, named.end())
    stop = end.end() if end else len(text)
    name, shown = named[1].lower(), text[start:stop]
    if text[start + 1] == "/":
        return Token("close", shown, name, whole=end is not None), stop
    return Token("open", shown, name, shown.endswith("/>"), end is not None), stop


def _declared(text: str, start: int) -> tuple[Token, int]:
    """A comment, or what browsers take for one: `<!x>`, `<?x>`, `</ x>`."""
    if text.startswith("<!--", start):
        end = _COMMENT.match(text, start)
        stop = end.end() if end else len(text)
        return Token("comment", text[start:stop], whole=end is not None), stop
    close = text.find(">", start)
    stop = close + 1 if close != -1 else len(text)
    kinds: dict[str, _Kind] = {"!": "doctype", "?": "instruction"}
    kind = kinds.get(text[start + 1], "comment")
    return Token(kind, text[start:stop], whole=close != -1), stop


def resolved(text: str) -> str:
    """A text with the characters that its references stand for."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    reference = match[0]
    return html.unescape(reference) if len(reference) <= _LONGEST_REFERENCE else "\ufffd"

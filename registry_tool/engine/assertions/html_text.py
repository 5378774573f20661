"""Assertions on HTML: is-html and contains-html."""

from __future__ import annotations

import re

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import plain
from registry_tool.engine.assertions.html_scan import VOID, Piece, pieces
from registry_tool.manifest.template import as_text

_LONGEST = 1_000_000
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
# https://html.spec.whatwg.org/multipage/indices.html#elements-3
_NAMES = """
a abbr address article aside audio b bdi bdo blockquote body button canvas caption center cite code colgroup data
datalist dd del details dfn dialog div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head
header hgroup html i iframe ins kbd label legend li main map mark math menu meter nav noscript object ol optgroup
option output p picture pre progress q rp rt ruby s samp script search section select slot small span strong style
sub summary sup svg table tbody td template textarea tfoot th thead time title tr u ul var video
"""
_ELEMENTS = VOID | frozenset(_NAMES.split())
_OPEN_NAMES = "body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr"
_MAY_STAY_OPEN = frozenset(_OPEN_NAMES.split())
_FOREIGN = frozenset({"svg", "math"})


def _is_html(value: Value, _form: Frozen) -> str | None:
    found = list(pieces(as_text(value)[:_LONGEST]))
    if not any(piece.kind in {"open", "doctype"} for piece in found):
        return "it has no HTML element"
    if found[0].kind == "text" or found[-1].kind == "text":
        return "there is text outside of its elements"
    if found[0].kind == "instruction":
        return "it begins as XML"
    return _unbalanced(found)


def _unbalanced(found: list[Piece]) -> str | None:
    """Why elements don't fit into each other; end tags that HTML lets out may be missing."""
    stack: list[str] = []
    foreign = 0  # how many svg and math elements are open: inside, names are theirs
    for piece in found:
        if piece.kind == "broken":
            return "a tag or comment has no end"
        if piece.kind == "text" and not stack:
            return "there is text outside of its elements"
        if piece.kind == "open" and not (foreign or _known(piece.name)):
            return f"<{piece.name}> is not an HTML element"
        if piece.kind == "open" and not piece.closed:
            stack.append(piece.name)
            foreign += piece.name in _FOREIGN
        if piece.kind == "close":
            while stack and stack[-1] != piece.name and stack[-1] in _MAY_STAY_OPEN:
                stack.pop()
            if not stack or stack.pop() != piece.name:
                return f"</{piece.name}> closes nothing"
            foreign -= piece.name in _FOREIGN
    left = [name for name in stack if name not in _MAY_STAY_OPEN]
    return f"<{left[-1]}> is not closed" if left else None


def _known(name: str) -> bool:
    return name in _ELEMENTS or "-" in name


def _contains_html(value: Value, _form: Frozen) -> str | None:
    return (
        None if _signs(as_text(value)[:_LONGEST]) >= 2 else "it shows fewer than two signs of HTML"
    )


def _signs(text: str) -> int:
    """How many signs of HTML a text shows: one alone, such as `a &amp; b`, may be chance."""
    found = list(pieces(text))
    opened = {piece.name for piece in found if piece.kind == "open"}
    closed = {piece.name for piece in found if piece.kind == "close"}
    return (
        2 * any(piece.kind == "doctype" for piece in found)
        + 2 * bool(opened & _ELEMENTS)
        + bool(opened)
        + bool(closed)
        + any(piece.kind == "comment" for piece in found)
        + any(piece.kind == "open" and piece.attributes for piece in found)
        + bool(_ENTITY.search(text))
    )


IS_HTML = plain("is-html", _is_html)
CONTAINS_HTML = plain("contains-html", _contains_html)

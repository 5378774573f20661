"""How deep Python may nest that is made of an expression."""

from __future__ import annotations

import io
import tokenize
from typing import Final

DEEPEST: Final = 60
"""Brackets in brackets; a `code` edge holds little more."""


def nests_too_deep(python: str) -> bool:
    """Whether more than `DEEPEST` brackets stand in one another; also where Python can't be read for that."""
    if sum(map(python.count, "([{")) <= DEEPEST:
        return False
    depth = deepest = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(python).readline):
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                deepest = max(deepest, depth)
    except (tokenize.TokenError, SyntaxError):  # Python itself refuses what nests this deep
        return True
    return deepest > DEEPEST

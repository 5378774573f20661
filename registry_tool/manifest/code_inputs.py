"""Which interface inputs the function of a `code` edge may take by name, as its text alone tells.

The engine gives a function these and no others, so that what is followed (egress, toxic flows) and what is given
are one thing, however the function is bound to its name: by `def`, by a lambda, below an `if`, in a class.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from registry_tool.core.values import Value
from registry_tool.manifest.model import Edge

_BUILDS_CODE: Final = frozenset({"exec", "eval", "compile"})
_KEPT: Final = 256


def inputs_of_code(edge: Edge, known: Collection[str]) -> set[str]:
    """Those of the `known` inputs that the code of an edge, or of what a `map` does for each item, may take."""
    code = _code(edge)
    if code is None:
        return set()
    names = parameters_in(code)
    return set(known) if names is None else set(known) & names


def _code(edge: Edge) -> str | None:
    kind, config = edge.type, edge.config
    nested: Value = config.get("edge")
    if kind == "map" and isinstance(nested, dict):
        inner = nested.get("config")
        kind, config = str(nested.get("type")), inner if isinstance(inner, dict) else {}
    code = config.get("code")
    return code if kind == "code" and isinstance(code, str) else None


@lru_cache(_KEPT)
def parameters_in(code: str) -> frozenset[str] | None:
    """The names of all parameters in a text of Python; None where any name may be one.

    That is where something takes `**` all, or builds code out of texts, and where the text can't be read here.
    """
    import ast

    from registry_tool.manifest.python_code import CodeProblem, parse_code

    try:
        nodes = [*ast.walk(parse_code(code))]
    except CodeProblem:
        return None
    takes_all = any(isinstance(node, ast.arguments) and node.kwarg for node in nodes)
    if takes_all or any(isinstance(n, ast.Name) and n.id in _BUILDS_CODE for n in nodes):
        return None
    return frozenset(node.arg for node in nodes if isinstance(node, ast.arg))

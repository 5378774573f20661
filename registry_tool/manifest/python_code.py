"""An author's Python, read and never run: does it parse, which function is called, what are its parameters.

It is parsed by this process's Python, while the sandbox runs 3.12: a newer one parses as 3.12 does; an
older one doesn't know what 3.12 brought (PEP 695, PEP 701), so what it refuses there is only a doubt.
Texts that would make the parser deep or slow are refused first.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

SANDBOX = (3, 12)
_LONGEST = 128 * 1024
_DEEPEST = 90  # open brackets; CPython's own tokenizer stops at 200
_MOST_SIGNS = 200  # -, ~ or not in a row, each of which nests
_BRACKETS = re.compile(r"[\[({]|[\])}]")
_SIGNS = re.compile(rf"(?:[-+~]\s*|\bnot\s+|\blambda\s*:\s*|\bawait\s+){{{_MOST_SIGNS}}}")
_NEWER = re.compile(
    r"\b[rR]?[fF][rR]?[\"']|^\s*type\s+\w+|^\s*(?:async\s+)?(?:def|class)\s+\w+\s*\["
)


class CodeProblem(Exception):  # noqa: N818 - what is wrong with code, never seen outside the rules
    """Why code doesn't compile; `line` and `column` count from 1. `doubtful`: a newer Python may take it."""

    def __init__(
        self, reason: str, line: int = 1, column: int = 1, *, doubtful: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column, self.doubtful = reason, line, column, doubtful


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function and where its name stands."""

    name: str
    line: int
    column: int
    optional: bool = False
    positional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """The function that the sandbox calls; `parameters` is None where only a run can tell them."""

    name: str
    line: int
    column: int
    parameters: tuple[Parameter, ...] | None
    is_async: bool = False


def parse_code(code: str) -> ast.Module:
    """The code's tree; `CodeProblem` where it can't be parsed."""
    _check_size(code)
    newer = sys.version_info[:2] > SANDBOX
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code, "<code>", feature_version=SANDBOX if newer else None)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        lines = code.splitlines()
        text = lines[line - 1] if line <= len(lines) else ""
        older = sys.version_info[:2] < SANDBOX and bool(_NEWER.search(text))
        raise CodeProblem(str(error.msg), line, column, doubtful=older) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise CodeProblem(str(error) or "it is nested too deep") from None
    _check_statements(tree)
    return tree


def _check_size(code: str) -> None:
    if len(code) > _LONGEST:
        raise CodeProblem(f"it has more than {_LONGEST} characters")
    if "\0" in code:
        raise CodeProblem("it holds a null character")
    depth = 0
    for match in _BRACKETS.finditer(code):
        depth = depth + 1 if match[0] in "([{" else max(depth - 1, 0)
        if depth > _DEEPEST:
            raise CodeProblem(
                f"more than {_DEEPEST} brackets are open", code.count("\n", 0, match.start()) + 1
            )
    if signs := _SIGNS.search(code):
        raise CodeProblem("it is nested too deep", code.count("\n", 0, signs.start()) + 1)


def _check_statements(tree: ast.Module) -> None:
    """What the parser lets through and the compiler does not."""
    for node in _outside(tree.body):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom | ast.Await):
            word = type(node).__name__.removesuffix("From").lower()
            raise CodeProblem(f"'{word}' outside function", node.lineno, node.col_offset + 1)


def _outside(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node that lies in no function."""
    waiting: list[ast.AST] = [*nodes]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def called_function(tree: ast.Module) -> Function | None:
    """`main`, else the first function that the code defines, as the sandbox chooses; None where there is none.

    Its parameters are None where it is decorated, or bound to its name in another way than by `def`.
    """
    defined = {node.name: node for node in _definitions(tree.body)}
    bound = {name for node in _outside(tree.body) for name in _bound(node)}
    if "main" in bound or any(isinstance(n, ast.Name) and n.id in _OPEN for n in ast.walk(tree)):
        return Function("main", 1, 1, None)
    node = defined.get("main") or next(iter(defined.values()), None)
    if node is None:
        return None
    known = None if node.decorator_list or node.name in bound else tuple(_parameters(node.args))
    is_async = isinstance(node, ast.AsyncFunctionDef)
    return Function(node.name, node.lineno, node.col_offset + 1, known, is_async)


def defined_functions(tree: ast.Module) -> tuple[str, ...]:
    """The names of the module's own functions, in the order of their definition."""
    return tuple(dict.fromkeys(node.name for node in _definitions(tree.body)))


_OPEN = frozenset({"exec", "globals", "eval", "vars", "locals"})


def _definitions(nodes: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of the module itself, also below `if`, `try` and `with`; of equal names the last one."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif not isinstance(node, ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _definitions(getattr(node, part, []) or [])
            for handler in getattr(node, "handlers", []):
                yield from _definitions(handler.body)


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a node binds in another way than by `def`."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield "main" if alias.name == "*" else alias.asname or alias.name.split(".")[0]


def _parameters(arguments: ast.arguments) -> Iterator[Parameter]:
    locations = [*arguments.posonlyargs, *arguments.args]
    plain = len(locations) - len(arguments.defaults)
    for position, arg in enumerate(locations):
        by_place = position < len(arguments.posonlyargs)
        yield Parameter(arg.arg, arg.lineno, arg.col_offset + 1, position >= plain, by_place)
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(arg.arg, arg.lineno, arg.col_offset + 1, default is not None)

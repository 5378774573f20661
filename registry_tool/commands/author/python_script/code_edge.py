"""`code` edges: the author's function as it stands, in a function of its own."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final, cast

from registry_tool.commands.author.python_script.expressions import quoted
from registry_tool.commands.author.python_script.site import EdgeSite
from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.code import CodeConfig, arguments
from registry_tool.manifest.python_code import called_function, parse_code

_LINE_ENDS: Final = re.compile(r"\r\n?")
"""Python ends a line at them, too, within texts as well."""


def code(site: EdgeSite) -> str:
    """A call of the function that the sandbox would call."""
    config = cast(CodeConfig, config_of(site.edge))
    text = _LINE_ENDS.sub("\n", config.code)
    tree = parse_code(text)
    function = called_function(tree)
    if function is None or function.parameters is None or function.is_async:
        raise site.refuse("which function it calls, with what, only a run can tell")
    inputs: dict[str, Value] = {b.id: site.names.block(b.id) for b in site.frame.sources}
    known = arguments(site.call(inputs))
    whole = ", ".join(f"{quoted(name)}: {python}" for name, python in inputs.items())
    known["inputs"] = f"{{{whole}}}"
    given = []
    for parameter in function.parameters:
        if parameter.name not in known and parameter.optional:
            continue
        if parameter.name not in known:
            raise site.refuse(f"nothing fills its parameter {parameter.name}")
        prefix = "" if parameter.positional else f"{parameter.name}="
        given.append(f"{prefix}{known[parameter.name]}")
    name = _function_name(site)
    factory = _factory(name, text, function.name, site.edge.id)
    if not _is_one_function(factory):
        raise site.refuse("its code works at the top of a file alone")
    site.script.functions[name] = factory
    return f"plain({name}()({', '.join(given)}))"


def _function_name(site: EdgeSite) -> str:
    stem = "".join(char if char.isalnum() and char.isascii() else "_" for char in site.edge.id)
    name = f"code_of_{stem}"
    while name in site.script.functions:
        name += "_"
    return name


def _factory(name: str, code: str, function: str, edge: str) -> str:
    """The author's code in a function of its own, so that no two codes share names."""
    lines = "\n".join(_indented(code.rstrip()))
    said = f'"""The code of the edge {edge}."""'
    return f"def {name}():\n    {said}\n{lines}\n    return {function}\n"


def _is_one_function(factory: str) -> bool:
    """Whether Python reads the whole as one function: what is behind it would run as soon as the script starts."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(factory)
            compile(tree, "<code>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef)


def _indented(code: str) -> list[str]:
    """Lines with four blanks before them, but those inside a text of several lines."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno is not None:
            value = getattr(node, "value", "")
            if isinstance(node, ast.JoinedStr) or isinstance(value, str | bytes):
                inside.update(range(node.lineno + 1, node.end_lineno + 1))
    numbered = enumerate(code.split("\n"), 1)
    return [line if number in inside or not line else f"    {line}" for number, line in numbered]

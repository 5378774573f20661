"""`code` nodes: their Python as it stands, called with what their variables name."""

from __future__ import annotations

import ast
import sys
from typing import Final

from registry_tool.core.values import Object
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.jinja import bindings
from registry_tool.importers.dify.references import AT, unique
from registry_tool.importers.dify.work import NodeStep, NotRunnableError, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.manifest.python_code import CodeProblem, defined_functions, parse_code

_REACHING_OUT: Final = frozenset(
    {
        "socket",
        "ssl",
        "subprocess",
        "ftplib",
        "smtplib",
        "multiprocessing",
        "ctypes",
        "webbrowser",
        "http",
        "urllib.request",
    }
)


def code(node: Node, work: Work) -> NodeStep:
    """A `code` edge; `NotRunnableError` for other languages and for what the sandbox has not."""
    language = text_of(node.data, "code_language", "python3")
    if language != "python3":
        raise NotRunnableError(f"its language is {language}; code edges run Python")
    text = text_of(node.data, "code").replace("\r\n", "\n")
    try:
        tree = parse_code(text)
    except CodeProblem as error:
        raise NotRunnableError(
            f"its code is not Python: {error.reason} (line {error.line})"
        ) from None
    if "main" not in defined_functions(tree):
        raise NotRunnableError("its code has no function main")
    if missing := sorted(
        _imports(text) - set(sys.stdlib_module_names) - {"urllib.parse"}
        | (_imports(text) & _REACHING_OUT)
    ):
        raise NotRunnableError(
            f"its code imports {', '.join(missing)}; the sandbox has Python's standard library, and no network. "
            "An http edge asks a host"
        )
    given = bindings(node, work, node.data.get("variables"))
    arguments = ", ".join(
        f"{name}={found.python}" for name, found in given.items() if name.isidentifier()
    )
    call = f"{AT}\n\nnode_main = main\n\n\ndef main(inputs):\n    return node_main({arguments})\n"
    config: Object = {"code": f"{text.rstrip()}\n\n\n{call}"}
    fields = {name: (name,) for name in sub_object(node.data, "outputs")}
    reads = unique([found.block for found in given.values()])
    return NodeStep("code", config, reads, {"": (), **fields}, "structured")


def _imports(text: str) -> set[str]:
    """The modules that code imports: top names, and `urllib.request` whole."""
    found: set[str] = set()
    for item in ast.walk(ast.parse(text)):
        names = [alias.name for alias in item.names] if isinstance(item, ast.Import) else []
        if isinstance(item, ast.ImportFrom) and item.module:
            names = [item.module, *(f"{item.module}.{alias.name}" for alias in item.names)]
        for name in names:
            found.add("urllib.request" if name.startswith("urllib.request") else name.split(".")[0])
    return found

"""`code` nodes: their Python as it stands, called with what their variables name."""

from __future__ import annotations

from registry_tool.core.values import Object
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.jinja import bindings
from registry_tool.importers.dify.references import unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.generated_code import AT, missing_modules
from registry_tool.importers.imported import NotRunnableError
from registry_tool.manifest.python_code import CodeProblem, defined_functions, parse_code


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
    if missing := missing_modules(text):
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

"""`code` nodes: their Python, called with n8n's names for the items; JavaScript is declared."""

from __future__ import annotations

import textwrap
from typing import Final

from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.generated_code import missing_modules
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import EdgeEnds
from registry_tool.manifest.python_code import CodeProblem, parse_code

_CALLED: Final = '''class Named(dict):
    """An object whose keys are attributes, too, as n8n gives them."""

    __setattr__ = dict.__setitem__

    def __getattr__(self, name):
        return self.get(name)


def named(value):
    if isinstance(value, dict):
        return Named((key, named(item)) for key, item in value.items())
    return [named(item) for item in value] if isinstance(value, list) else value


class Input:
    def __init__(self, items, index):
        self.items, self.item = items, items[index] if index < len(items) else None

    def all(self):
        return self.items

    def first(self):
        return self.items[0]

    def last(self):
        return self.items[-1]


def plain(item):
    """What an item holds, however the code gave it."""
    return item["json"] if isinstance(item, dict) and "json" in item else item


def listed(found):
    found = found if isinstance(found, list) else [] if found is None else [found]
    return [plain(item) for item in found]


def called(items, index):
    item = items[index] if index < len(items) else None
    return node_code(Input(items, index), items, item, item and item["json"])
'''
_ALL: Final = "    return listed(called(items, 0))\n"
_EACH: Final = (
    "    return [one for index in range(len(items)) for one in listed(called(items, index))]\n"
)


def code(node: FlowNode, work: FlowWork) -> NodeReport:
    """An edge with the code as it stands; `NotRunnableError` for other languages and what the sandbox has not."""
    language = text_of(node.parameters, "language", "javaScript")
    if not language.startswith("python"):
        raise NotRunnableError(f"its language is {language}; code edges run Python")
    text = text_of(node.parameters, "pythonCode").replace("\r\n", "\n")
    wrapped = "def node_code(_input, _items, _item, _json):\n" + textwrap.indent(
        text.strip("\n") or "return _items", "    "
    )
    try:
        parse_code(wrapped)
    except CodeProblem as error:
        raise NotRunnableError(
            f"its code is not Python: {error.reason} (line {error.line - 1})"
        ) from None
    if missing := missing_modules(wrapped):
        raise NotRunnableError(
            f"its code imports {', '.join(missing)}; the sandbox has Python's standard library, and no network"
        )
    if '"""' in text or "'''" in text:
        work.lose(node, "the indentation of texts in its code", "they stand in a function here")
    given = work.given(node)
    body = _EACH if text_of(node.parameters, "mode") == "runOnceForEachItem" else _ALL
    start = f'    items = [named({{"json": item}}) for item in inputs[{given!r}] or []]\n'
    (target,) = work.outputs[node.name][:1]
    whole = f"{wrapped}\n\n\n{_CALLED}\n\ndef main(inputs):\n{start}{body}"
    edge = work.project.new_id(f"{target} code")
    work.project.edge(edge, "code", EdgeEnds([given], [target]), {"code": whole})
    return NodeReport(node.name, node.type, NodeStatus.RUNS)

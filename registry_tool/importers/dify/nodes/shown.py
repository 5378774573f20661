"""Which values Dify shows otherwise in an answer than a template of ours, and how: lists, objects, yes and no."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Frozen
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import sub_object, text_of

SHOWN: Final = '''import json


def shown(value):
    """A value as Dify shows it: lists as points, objects as lines of JSON."""
    if isinstance(value, list):
        return "\\n".join(f"- {item}" for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return "" if value is None else str(value)
'''
_TEXTS: Final = frozenset({"string", "number", "integer", "secret", "select"})
_FORMS: Final = frozenset({"text-input", "paragraph", "select", "number"})
_OF_TYPE: Final = {
    "llm": frozenset({"text"}),
    "template-transform": frozenset({"output"}),
    "http-request": frozenset({"body", "status_code"}),
    "question-classifier": frozenset({"class_name", "class_id"}),
    "answer": frozenset({"answer"}),
}


def is_text(selector: tuple[str, ...], work: Work) -> bool:
    """Whether what a selector stands for reads the same in a text of ours: a text or a number."""
    if len(selector) != 2:
        return False
    owner, name = selector
    if owner == "sys":
        return name != "files"
    for holder, variables in (
        ("env", work.app.environment),
        ("conversation", work.app.conversation),
    ):
        if owner == holder:
            found = next((v for v in variables if v.get("name") == name), {})
            return text_of(found, "value_type") in _TEXTS
    node = work.app.nodes.get(owner)
    if node is None:
        return True  # it is empty
    return name in _OF_TYPE.get(node.type, frozenset()) or _declared(node.type, node.data, name)


def _declared(type_: str, data: Frozen, name: str) -> bool:
    """What the node itself says of a field's type."""
    if type_ == "start":
        return _listed(data, "variables", "variable", name) in _FORMS
    if type_ == "code":
        return text_of(sub_object(sub_object(data, "outputs"), name), "type") in _TEXTS
    if type_ == "parameter-extractor":
        return _listed(data, "parameters", "name", name) in _TEXTS
    if type_ == "variable-aggregator":
        return name == "output" and text_of(data, "output_type") in _TEXTS
    return type_ == "document-extractor" and data.get("is_array_file") is not True


def _listed(data: Frozen, key: str, named: str, name: str) -> str:
    items = data.get(key)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and item.get(named) == name:
            return text_of(item, "type")
    return ""

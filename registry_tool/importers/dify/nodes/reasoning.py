"""`llm` nodes that part a model's thoughts from its answer: what stands in `<think>` is a value of its own."""

from __future__ import annotations

from typing import Final

from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import ValueReference
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.project import EdgeEnds

_APART: Final = r'''import re

OPEN = r"<think(?:\s[^<>]{0,512})?>"


def apart(text):
    """The answer, and the thoughts; one that never ends is a thought up to the end."""
    found = re.findall(OPEN + "(.*?)</think>", text, re.I | re.S)
    text = re.sub(OPEN + ".*?</think>", "", text, flags=re.I | re.S)
    if begun := re.search(OPEN, text, re.I):
        found.append(text[begun.end() :])
        text = text[: begun.start()]
    thoughts = "\n".join(one.strip() for one in found if one.strip())
    return {"text": re.sub(r"\n\s*\n", "\n\n", text).strip(), "reasoning_content": thoughts}
'''


def is_parted(node: Node) -> bool:
    """Whether a node gives thoughts and answer apart; a structured answer holds none."""
    structured = node.data.get("structured_output_enabled") is True
    return text_of(node.data, "reasoning_format") == "separated" and not structured


def parted(node: Node, work: Work, name: str) -> None:
    """The answer and the thoughts of what the model wrote to a block."""
    code = f"{_APART}\n\ndef main(inputs):\n    return apart(str(inputs[{name!r}] or ''))\n"
    project = work.project
    block = project.block(project.new_id(f"{node.title} answer", "answer"), "structured")
    project.edge(block, "code", EdgeEnds([name], [block], work.when(node)), {"code": code})
    fields = ("text", "reasoning_content")
    work.outputs[node.id].update({key: ValueReference(block, (key,)) for key in fields})

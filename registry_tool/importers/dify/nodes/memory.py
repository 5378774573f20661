"""The memory of an `llm` node: the prompt's messages, then earlier ones, then what is asked now."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.core.values import Object
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import Text
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.project import EdgeEnds

PromptMessage = tuple[str, Text]
"""A message's role and text."""


def has_memory(node: Node, work: Work) -> bool:
    """Whether a node is given earlier messages: in a chat, or where it says what is asked now."""
    memory = sub_object(node.data, "memory")
    asked = bool(text_of(memory, "query_prompt_template")) or bool(_query(work))
    return bool(memory) and asked and isinstance(node.data.get("prompt_template"), list)


def with_memory(
    node: Node, messages: Sequence[PromptMessage], work: Work
) -> tuple[Object, list[str]]:
    """The configuration of the messages, and the blocks that it reads."""
    memory = sub_object(node.data, "memory")
    window = sub_object(memory, "window")
    if window.get("enabled") is True:
        most = f"the memory's window of {window.get('size', 'some')} messages"
        work.lose(node, most, "give no more of them as history")
    config: Object = {}
    reads: list[str] = []
    first, rest = ("", Text("")), list(messages)
    if rest and rest[0][0] == "system":
        first = rest.pop(0)
        config["system"] = first[1].template
        reads += first[1].reads
    earlier = _after(node, rest, work) if rest else _history(work)
    config["chat_histories"] = f"{{{{{earlier}}}}}"
    reads.append(earlier)
    if asked := text_of(memory, "query_prompt_template") or _query(work):
        text = work.text(node, asked)
        config["prompt"] = text.template
        reads += text.reads
    return config, reads


def _query(work: Work) -> str:
    """What the user says now, where the app is a chat."""
    return "" if work.app.mode in {"workflow", "completion"} else "{{#sys.query#}}"


def _history(work: Work) -> str:
    if "history" not in work.system:
        block = work.project.new_id("history")
        work.project.block(block, "structured")
        said = "Earlier messages of the conversation: a list of {role, content}."
        work.project.input("history", "array", block, default=[], description=said)
        work.system["history"] = block
    return work.system["history"]


def _after(node: Node, messages: Sequence[PromptMessage], work: Work) -> str:
    """A block of further messages of the prompt with the history behind them."""
    project, history = work.project, _history(work)
    lines, blocks = "", [history]
    for role, text in messages:
        name = project.block(project.new_id(f"{node.title} {role}", role))
        ends = EdgeEnds(text.reads, [name], work.when(node))
        project.edge(name, "modify", ends, {"modify_type": "edit_text", "content": text.template})
        lines += f'        {{"role": {role!r}, "content": inputs[{name!r}]}},\n'
        blocks.append(name)
    last = f"    return messages + (inputs[{history!r}] or [])\n"
    code = f"def main(inputs):\n    messages = [\n{lines}    ]\n{last}"
    return work.compute(node, code, blocks, stem=f"{node.title} messages")

"""What builders of nodes work with: blocks of items, texts with expressions, generated code.

Every output of a node is a block that holds its items, a list of objects. A node's code sees them as `items`, and
what it does with each as `item` and `index`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.checkpoint import kept
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import Loss, NodeReport, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode, ForeignFlow
from registry_tool.importers.n8n.expression import Translated, translated
from registry_tool.importers.n8n.helpers import with_helpers
from registry_tool.importers.n8n.javascript import ForeignExpressionError
from registry_tool.importers.project import NOTHING, EdgeEnds, Project
from registry_tool.manifest.template import escape

_STEP: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|\d+")


@dataclass(slots=True)
class FlowWork:
    """The state of one import: `outputs` are a node's blocks by the number of its output.

    `removed` are secrets that stood in parameters.
    """

    flow: ForeignFlow
    project: Project
    outputs: dict[str, list[str]] = field(default_factory=dict)
    joined: dict[tuple[str, ...], str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def checkpoint(self) -> Callable[[], None]:
        """What takes everything back that is added from now on."""
        project, own = self.project.checkpoint(), kept(self.joined)

        def back() -> None:
            project()
            own()

        return back

    def lose(self, node: FlowNode, what: str, why: str) -> None:
        """Report something of a node that does not come along; once."""
        loss = Loss(f"nodes.{node.name}", what, why)
        if loss not in self.project.losses:
            self.project.losses.append(loss)

    def given(self, node: FlowNode, number: int = 0) -> str:
        """The block with the items that come to an input; several wires are joined."""
        wires = self.flow.into(node.name, number)
        blocks = tuple(dict.fromkeys(self._block(w.source, w.output) for w in wires))
        if not blocks:
            return self.project.nothing()
        if len(blocks) == 1:
            return blocks[0]
        if blocks not in self.joined:
            name = self.project.block(self.project.new_id(f"{node.name} items"), "structured")
            lists = " + ".join(f"(inputs[{block!r}] or [])" for block in blocks)
            code = f"def main(inputs):\n    return {lists}\n"
            self.project.edge(name, "code", EdgeEnds(blocks, [name]), {"code": code})
            self.joined[blocks] = name
        return self.joined[blocks]

    def _block(self, name: str, output: int) -> str:
        blocks = self.outputs[name]
        return blocks[output] if output < len(blocks) else self.project.nothing()

    def items_of(self, name: str, reads: list[str]) -> str:
        """Python of all items that a node gives, by its name; `NotRunnableError` where there is none."""
        if name not in self.outputs:
            raise NotRunnableError(
                f"it reads items of {name!r}, and no node of that name gives any"
            )
        blocks = self.outputs[name]
        reads += blocks
        lists = [f"(inputs[{block!r}] or [])" for block in blocks]
        return f"({' + '.join(lists)})" if len(lists) > 1 else f"inputs[{blocks[0]!r}]"

    def expression(self, source: str, reads: list[str]) -> Translated:
        """An expression as Python; `NotRunnableError` says what in it is not read."""
        try:
            return translated(source.strip(), lambda name: self.items_of(name, reads))
        except ForeignExpressionError as error:
            shown = " ".join(source.split())[:80]
            raise NotRunnableError(
                f"its expression {{{{ {shown} }}}} is not read: {error}"
            ) from None

    def python(self, value: Value, reads: list[str]) -> str:
        """Python of a parameter: a text with expressions, or a value that may hold some."""
        if isinstance(value, str):
            return self._python_of_text(value, reads)
        if isinstance(value, list):
            return f"[{', '.join(self.python(item, reads) for item in value)}]"
        if isinstance(value, dict):
            pairs = (f"{key!r}: {self.python(item, reads)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        return repr(value)

    def _python_of_text(self, value: str, reads: list[str]) -> str:
        if not value.startswith("="):
            return repr(value)
        parts = parts_of(value[1:])
        if len(parts) == 3 and not parts[0].strip() and not parts[2].strip():
            return self.expression(parts[1], reads).python
        pieces = [
            f"text({self.expression(part, reads).python})" if position % 2 else repr(part)
            for position, part in enumerate(parts)
            if part
        ]
        return f"({' + '.join(pieces)})" if pieces else "''"

    def make(
        self,
        node: FlowNode,
        body: str,
        reads: Iterable[str],
        targets: Sequence[str] = (),
        title: str = "",
    ) -> str:
        """An edge of generated code, `body` lines that return items; without targets a new block gets them."""
        given = self.given(node)
        project = self.project
        name = project.new_id(title or node.name) if not targets else targets[0]
        if not targets:
            project.block(name, "structured")
        once = "[:1]" if node.settings.get("executeOnce") is True else ""
        code = with_helpers(
            f"def main(inputs):\n    items = (inputs[{given!r}] or []){once}\n{body}"
        )
        sources = tuple(dict.fromkeys([given, *reads]))
        gate = [given] if len(sources) > 1 and given != NOTHING else []
        ends = EdgeEnds(sources, list(targets or [name]), gate)
        edge = name if not targets else project.new_id(f"{name} code")
        project.edge(edge, "code", ends, {"code": code})
        return name

    def each(self, node: FlowNode, expression: str, reads: Iterable[str], target: str) -> None:
        """An edge that makes one item of each: `expression` is Python over `item`, `index` and `items`."""
        body = f"    return [{expression} for index, item in enumerate(items)]\n"
        self.make(node, body, reads, [target])


def parts_of(text: str) -> list[str]:
    """A text without expressions, and in turn what stands in `{{ }}` and what follows it; in linear time."""
    found, at = list[str](), 0
    while (start := text.find("{{", at)) >= 0 and (end := text.find("}}", start + 2)) >= 0:
        found += [text[at:start], text[start + 2 : end]]
        at = end + 2
    return [*found, text[at:]]


@dataclass(slots=True)
class Prepared:
    """Texts of one node with expressions, as templates for each item of a `map`.

    Plain paths into the item stand in the templates; where there are others, a code edge before the `map` computes
    them as `v1`, `v2`, … beside the item's `json`.
    """

    work: FlowWork
    node: FlowNode
    _texts: list[list[str | Translated]] = field(default_factory=list)
    _reads: list[str] = field(default_factory=list)
    _values: list[str] = field(default_factory=list)

    def text(self, value: Value) -> int:
        """A number for the template of a text, which `templates` gives when all are known."""
        text = value if isinstance(value, str) else "" if value is None else str(value)
        parts = parts_of(text[1:]) if text.startswith("=") else [text]
        found: list[str | Translated] = []
        for position, part in enumerate(parts):
            found.append(self.work.expression(part, self._reads) if position % 2 else part)
        self._texts.append(found)
        return len(self._texts) - 1

    def over(self) -> tuple[str, list[str]]:
        """The block to map over, and the templates in the order of their numbers."""
        parts = [part for text in self._texts for part in text if isinstance(part, Translated)]
        once = self.node.settings.get("executeOnce") is True
        plain = not once and all(
            part.path and all(_STEP.fullmatch(step) for step in part.path) for part in parts
        )
        templates = ["".join(self._shown(part, plain) for part in text) for text in self._texts]
        if plain:
            return self.work.given(self.node), templates
        values = "".join(f', "v{n}": {python}' for n, python in enumerate(self._values, 1))
        body = f'    return [{{"json": item{values}}} for index, item in enumerate(items)]\n'
        title = f"{self.node.name} given"
        return self.work.make(self.node, body, self._reads, title=title), templates

    def _shown(self, part: str | Translated, plain: bool) -> str:
        if isinstance(part, str):
            escaped = escape(part)
            return f"{escaped} " if escaped.endswith(("\\", "\\{")) else escaped
        if plain:
            return f"{{{{{'.'.join(('item', *(part.path or ())))}}}}}"
        self._values.append(part.python)
        return f"{{{{item.v{len(self._values)}}}}}"


def on_error(node: FlowNode) -> str:
    """What a `map` does with an item that fails."""
    soft = node.settings.get("continueOnFail") is True
    wanted = text_of(node.settings, "onError")
    return (
        "report" if soft or wanted in {"continueRegularOutput", "continueErrorOutput"} else "fail"
    )


def retries(node: FlowNode) -> Object:
    """The `retries` of an inner edge, where the node wants other attempts."""
    count = node.settings.get("maxTries", 3)
    if node.settings.get("retryOnFail") is True and isinstance(count, int) and count > 1:
        return {"retries": min(count - 1, 10)}
    return {}


FlowBuilder = Callable[[FlowNode, FlowWork], NodeReport]


def mapped(node: FlowNode, work: FlowWork, over: str, inner: Frozen, reads: Sequence[str]) -> str:
    """A `map` with an inner edge `{type, config}`; the block of its results."""
    project = work.project
    name = project.block(project.new_id(f"{node.name} each"), "structured")
    config: Object = {
        "over": over,
        "edge": dict(inner),
        "parallel": 1,
        "on_error": on_error(node),
    }
    ends = EdgeEnds(tuple(dict.fromkeys([over, *reads])), [name])
    project.edge(name, "map", ends, config)
    return name

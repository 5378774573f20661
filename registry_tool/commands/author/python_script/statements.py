"""The steps of a plan as statements: edges, branches, loops, and what is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from registry_tool.commands.author.python_script.edges import conditions_of, expression_of
from registry_tool.commands.author.python_script.expressions import Names, literal, quoted, shown
from registry_tool.commands.author.python_script.site import EdgeSite, Script
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.branch import BranchConfig, CaseMove
from registry_tool.engine.edges.loop import LoopConfig
from registry_tool.engine.plan import EdgeStep, LoopStep, RunPlan, Step
from registry_tool.manifest.model import Block, Edge

_SEVERAL = frozenset({"code"})
"""Kinds that may give some of several targets."""


@dataclass(slots=True)
class Statements:
    """Lines of the function `run`; `sure` are the blocks that have a value by then, whatever ways were taken."""

    plan: RunPlan
    script: Script
    sure: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        producers = self.plan.graph.producers
        self.sure.update(b.id for b in self.plan.workflow.blocks if b.id not in producers)

    def of(self, steps: Iterable[Step], indent: str = "    ") -> Iterator[str]:
        """The lines of some steps, in order."""
        for step in steps:
            if isinstance(step, LoopStep):
                yield from self._loop(step, indent)
            else:
                yield from self._edge(step, indent)

    def _site(self, edge: Edge) -> EdgeSite:
        frame = self.plan.frames[edge.id]
        names = Names(self.plan.workflow, frame.names, frozenset(self.sure))
        return EdgeSite(edge, frame, names, self.script)

    def _edge(self, step: EdgeStep, indent: str) -> Iterator[str]:
        edge = step.edge
        produced = self.plan.frames[edge.id].produced
        skipped = bool(produced) and not any(block in self.sure for block in produced)
        yield f"{indent}# {edge.id} ({edge.type})"
        if skipped:
            listed = ", ".join(map(quoted, produced))
            yield f"{indent}if any(name in blocks for name in ({listed},)):"
            indent += "    "
        lines = list(self._branch(edge) if edge.type == "branch" else self._value(edge))
        if edge.on_error is not None:
            lines = self._soft(edge, lines)
        yield from (indent + line if line else line for text in lines for line in text.split("\n"))
        partly = edge.type == "branch" or (edge.type in _SEVERAL and len(edge.targets) > 1)
        passed = edge.on_error is not None and not edge.on_error.has_value
        if not (skipped or partly or passed):
            self.sure.update(edge.targets)

    def _value(self, edge: Edge) -> Iterator[str]:
        value = expression_of(self._site(edge)).replace("\n    ", "\n")
        if len(edge.targets) == 1:
            yield f"blocks[{quoted(edge.targets[0])}] = {value}"
            return
        yield f"value = {value}"
        listed = ", ".join(map(quoted, edge.targets))
        if edge.type in _SEVERAL:
            yield f"blocks.update({{name: value[name] for name in ({listed}) if name in value}})"
        else:
            yield f"blocks.update(dict.fromkeys(({listed}), value))"

    def _soft(self, edge: Edge, lines: list[str]) -> list[str]:
        fallback = edge.on_error
        found = ["try:", *("    " + line for text in lines for line in text.split("\n"))]
        found += [
            "except Exception as error:",
            f'    print("the edge {edge.id} failed:", error, file=sys.stderr)',
        ]
        if fallback is not None and fallback.has_value:
            listed = ", ".join(map(quoted, edge.targets))
            found.append(
                f"    blocks.update(dict.fromkeys(({listed},), {literal(fallback.value)}))"
            )
        return found

    def _branch(self, edge: Edge) -> Iterator[str]:
        config = cast(BranchConfig, config_of(edge))
        site = self._site(edge)
        if config.else_:
            yield "fired = False"
        for name, case in config.cases.items():
            yield f"if {conditions_of(case.conditions, site)}:  # {shown(name)}"
            if config.else_:
                yield "    fired = True"
            yield from self._moves(case.thens, site)
        if config.else_:
            yield "if not fired:"
            yield from self._moves(config.else_, site)

    def _moves(self, moves: Iterable[CaseMove], site: EdgeSite) -> Iterator[str]:
        lines = []
        for move in moves:
            source = _found(site.frame.sources, move.from_, site)
            target = _found(site.frame.targets, move.to, site)
            lines.append(f"    blocks[{quoted(target)}] = {site.names.block(source)}")
        yield from lines or ["    pass"]

    def _loop(self, step: LoopStep, indent: str) -> Iterator[str]:
        loop = step.loop
        config = cast(LoopConfig, config_of(loop))
        before = set(self.sure)
        yield f"{indent}# {loop.id} (loop)"
        yield f"{indent}for iteration in range(1, {config.max_iterations + 1}):"
        yield from self.of(step.body, indent + "    ")
        inner = indent + "    "
        site = self._site(loop)
        source = loop.sources[0]
        if source not in self.sure:
            missing = " or ".join(f"{quoted(one)} not in blocks" for one in loop.sources)
            yield f"{inner}if {missing}:"
            yield f"{inner}    break"
        yield f"{inner}if iteration == {config.max_iterations}{self._over(config, site)}:"
        yield f"{inner}    break"
        again = [block for block in step.written_anew if block not in before]
        yield f"{inner}back = blocks[{quoted(source)}]"
        yield from self._fresh(step.written_anew, again, inner)
        targets = "".join(f"blocks[{quoted(target)}] = " for target in loop.targets)
        yield f"{inner}{targets}back"

    def _fresh(self, written: tuple[str, ...], without: list[str], indent: str) -> Iterator[str]:
        """A round begins with what was there before the first."""
        if without:
            yield f"{indent}for name in {literal(list(without))}:"
            yield f"{indent}    blocks.pop(name, None)"
        for block in written:
            if block not in without:
                yield f"{indent}blocks[{quoted(block)}] = {self.first_value(block)}"

    def first_value(self, block: str) -> str:
        """Python of what a block holds before any edge wrote it."""
        name = self.plan.input_of.get(block)
        constant = self.plan.workflow.block_by_id[block]
        value = literal(constant.value) if constant.has_value else "None"
        if name is None:
            return value
        return f"inputs.get({quoted(name)}" + (")" if value == "None" else f", {value})")

    def _over(self, config: LoopConfig, site: EdgeSite) -> str:
        if config.while_ is not None:
            return f" or not {conditions_of(config.while_, site)}"
        if config.until is not None:
            return f" or {conditions_of(config.until, site)}"
        return ""


def _found(blocks: tuple[Block, ...], name: str, site: EdgeSite) -> str:
    for block in blocks:
        if name in {block.id, block.label}:
            return block.id
    raise site.refuse(f"a case moves {name}, which it does not have")

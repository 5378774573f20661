"""Order, chance and ancestry of a graph's nodes."""

from __future__ import annotations

from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import read_app
from tests.importers.dify.exports import export, form

NODES = {"s": form("q"), "if": {"type": "if-else"}, **{n: {"type": "answer"} for n in "abcd"}}  # type: ignore[dict-item]
CONTROL = Control(
    read_app(export(NODES, "s > if, if:true > a, if:false > b, a > c, b > c, if:true > d, s > d"))
)  # type: ignore[arg-type]


def test_nodes_come_after_what_leads_to_them() -> None:
    order = [node.id for node in CONTROL.order]
    assert order.index("if") < order.index("a") < order.index("c")
    assert sorted(order) == sorted(NODES)


def test_what_a_branch_leads_to_runs_by_chance_unless_another_way_leads_there() -> None:
    by_chance = {node.id for node in CONTROL.order if CONTROL.leads_here(node)}
    assert by_chance == {"a", "b", "c"}


def test_ancestors() -> None:
    assert CONTROL.before(CONTROL.nodes["c"]) == {"s", "if", "a", "b"}


def test_a_circle_is_not_lost() -> None:
    circle = Control(
        read_app(export({"a": {"type": "answer"}, "b": {"type": "answer"}}, "a > b, b > a"))
    )
    assert {node.id for node in circle.order} == {"a", "b"}

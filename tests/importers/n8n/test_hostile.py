"""Files that would keep an import busy, or leave a key in what it writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from registry_tool.importers.imported import ForeignError
from registry_tool.importers.n8n.document import MOST_WIRES
from registry_tool.importers.n8n.expression import ForeignExpressionError, translated
from registry_tool.importers.n8n.read import EXPORT, MOST_OUTPUTS, read
from registry_tool.importers.n8n.work import parts_of
from registry_tool.manifest.graph import graph_of
from registry_tool.manifest.load import workflow_from


def node(name: str, type_: str = "noOp", **parameters: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": f"n8n-nodes-base.{type_}",
        "typeVersion": 3.4,
        "parameters": parameters,
    }


def flow(nodes: list[dict[str, Any]], wires: dict[str, list[list[str]]]) -> dict[str, Any]:
    connections = {
        source: {"main": [[{"node": end, "type": "main", "index": 0} for end in ends] for ends in outs]}
        for source, outs in wires.items()
    }  # fmt: skip
    return {"name": "x", "nodes": nodes, "connections": connections}


@pytest.mark.parametrize("sign", ["-", "!", "- !", "("])
def test_signs_in_a_row_are_too_deep(sign: str) -> None:
    with pytest.raises(ForeignExpressionError, match="nested too deep"):
        translated(f"{sign * 1000}1", str)
    assert translated("-" * 20 + "1", str).python.count("number(") == 20


def test_an_expression_that_never_ends_is_text() -> None:
    assert parts_of("a {{ b }} c {{ d }}") == ["a ", " b ", " c ", " d ", ""]
    assert parts_of("{{ " * 200_000) == ["{{ " * 200_000]


def test_many_outputs_and_connections_are_refused() -> None:
    count = MOST_OUTPUTS // 100 + 1
    names = [f"n{number}" for number in range(count)]
    nodes = [node(name, "switch") for name in names]
    outputs: list[list[str]] = [*([] for _ in range(99)), ["n0"]]
    with pytest.raises(ForeignError, match="more than 3,000 outputs"):
        read(
            flow([*nodes, node("last")], {key: [*outputs[:-1], ["last"]] for key in names}),
            name="x",
        )
    side = int(MOST_WIRES**0.5) + 1
    ends = [f"e{number}" for number in range(side)]
    starts = [f"s{number}" for number in range(side)]
    dense = flow([node(name) for name in (*starts, *ends)], {key: [ends] for key in starts})
    with pytest.raises(ForeignError, match="more than 10,000 connections"):
        read(dense, name="x")


def test_every_key_of_a_request_is_taken_out() -> None:
    headers = {"parameters": [{"name": "Authorization", "value": "Bearer first-9981"},
                              {"name": "X-Api-Key", "value": "second-9982"}]}  # fmt: skip
    asks = node(
        "Ask",
        "httpRequest",
        url="https://a.example/x?api_key=third-9983",
        sendHeaders=True,
        headerParameters=headers,
    )
    found = read(flow([node("T", "manualTrigger"), asks], {"T": [["Ask"]]}), name="x")
    for text in (json.dumps(found.manifest), found.files[EXPORT].decode()):
        assert "998" not in text
    reasons = [loss.why for loss in found.not_carried]
    assert sum("one secret" in why for why in reasons) == 2


def test_ways_back_and_ways_of_what_has_no_items() -> None:
    test = {
        "leftValue": "a",
        "rightValue": "b",
        "operator": {"type": "string", "operation": "equals"},
    }
    asked = node("If", "if", conditions={"conditions": [test]})
    loop = flow(
        [node("T", "manualTrigger"), node("L", "splitInBatches"), asked, node("E")],
        {"T": [["L"]], "L": [["E"], ["If"]], "If": [["E"], ["L"]]},
    )
    assert {one.status.value for one in read(loop, name="x").nodes} == {"runs"}
    wired = flow([node("N", "stickyNote"), node("E"), node("M", "lmChat"), node("A", "agent")],
                 {"N": [["E"]], "E": [["N"]], "M": [["E"]]})  # fmt: skip
    wired["connections"]["M"]["ai_languageModel"] = [[{"node": "A", "type": "x", "index": 0}]]
    reported = [loss.where for loss in read(wired, name="x").not_carried]
    assert reported == ["connections.N", "connections.E", "connections.M"]


def test_a_secret_that_its_name_tells_is_never_sent_from_a_body() -> None:
    fields = {"parameters": [{"name": "client_secret", "value": "opensesame"}]}
    for body in (
        {"bodyParameters": fields},
        {"specifyBody": "json", "jsonBody": '{"client_secret": "opensesame"}'},
    ):
        asks = node(
            "H", "httpRequest", url="https://a.example", method="POST", sendBody=True, **body
        )
        found = read(flow([node("T", "manualTrigger"), asks], {"T": [["H"]]}), name="x")
        assert "opensesame" not in json.dumps(found.manifest) + found.files[EXPORT].decode()
        report = {one.id: one for one in found.nodes}["H"]
        assert (report.status.value, "holds a secret" in report.why) == ("carried", True)


def test_a_node_without_a_type_and_a_strategy_of_another_kind() -> None:
    odd = {**node("O"), "type": ""}
    asks = {**node("H", "httpRequest", url="https://a.example"), "onError": ["continueErrorOutput"]}
    found = read(flow([node("T", "manualTrigger"), odd, asks], {"T": [["O", "H"]]}), name="x")
    assert {one.id: one.status.value for one in found.nodes} == {
        "T": "runs",
        "O": "carried",
        "H": "runs",
    }


def test_a_way_back_from_where_a_loop_is_done_is_reported() -> None:
    wires = {"T": [["L"]], "L": [["E"], ["I"]], "I": [["L"]], "E": [["L"]]}
    nodes = [node("T", "manualTrigger"), node("L", "splitInBatches"), node("I"), node("E")]
    found = read(flow(nodes, wires), name="x")
    assert "the way back from E" in [loss.what for loss in found.not_carried]
    assert graph_of(workflow_from(found.manifest, "x")).cycle == ()

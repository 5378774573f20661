"""What the graph says of who gets whose words, against runs: a model and a host that repeat what they are told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.run import SUCCESS, Callee
from registry_tool.manifest.flow.dataflow import Dataflow
from registry_tool.manifest.flow.ways_out import arriving, ways_out
from registry_tool.manifest.model import Workflow
from tests.engine.small import go
from tests.manifest.flow.build import HOOK, edge, text_input, workflow

WORDS = {"a": "alpha", "b": "beta", "c": "gamma"}
INPUTS = (*map(text_input, ("a", "b")), {"name": "c", "type": "string", "required": True})
KINDS = ("llm", "modify", "http", "branch", "workflow")
HELPER = workflow(
    edge("copy", "modify", ["x", "y"], "out", modify_type="edit_text", content="Of {{x}}"),
    edge("post", "http", "y", "sent", url=f"{HOOK}/helper", method="POST", body="{{y}}"),
    inputs=(text_input("x"), text_input("y")),
    outputs=({"name": "out", "type": "string", "block": "out"},),
    name="helper",
)
"""It gives one of its inputs back, and sends the other one away."""


class Echo:
    """The outside world: it keeps what it is told, by edge, and answers with that."""

    name = "echo"

    def __init__(self) -> None:
        self.told: dict[str, str] = defaultdict(str)

    async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
        """What was asked, again; the system message is the edge's id."""
        asked = request.messages[-1].content
        self.told[request.messages[0].content] += asked
        return ModelAnswer(asked, "m", Usage())

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """What was sent, again."""
        body = request.body or b""
        self.told[request.url.rpartition("/")[2]] += body.decode()
        return FetchAnswer(200, {"content-type": "text/plain"}, body, request.url)

    async def aclose(self) -> None:
        """Nothing is open."""


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Edges from earlier blocks (two inputs first) to a new one each, and what they take in of them."""
    made: list[dict[str, Any]] = []
    blocks = ["a", "b"]
    for number in range(draw(st.integers(1, 6))):
        kind, name, target = draw(st.sampled_from(KINDS)), f"e{number}", f"t{number}"
        sources = draw(st.lists(st.sampled_from(blocks), min_size=1, max_size=2, unique=True))
        named = draw(st.lists(st.sampled_from([*blocks, "c"]), max_size=2, unique=True))
        text = " ".join(f"{{{{{one}}}}}" for one in named) or "nothing"
        configs: dict[str, dict[str, Any]] = {
            "llm": {"prompt": text, "system": name, "model": "m"},
            "modify": {"modify_type": "edit_text", "content": text},
            "http": {"url": f"{HOOK}/{name}", "method": "POST", "body": text},
            "workflow": {"name": "helper", "inputs": {"x": text, "y": f"{{{{{sources[0]}}}}}"}},
            "branch": {"cases": {}, "else": [{"from": sources[0], "to": target}]},
        }
        made.append(edge(name, kind, sources, target, **configs[kind]))
        blocks.append(target)
    return made


def told_in_a_run(flow: Workflow) -> dict[str, set[str]]:
    """Whose words each edge sent, by edge."""
    world = Echo()
    outbound = OutboundServices(fetcher=world)
    services = Services(model=world, outbound=outbound)
    callees = {"helper": Callee(HELPER, outbound=outbound)}
    result = go(flow, dict(WORDS), services=services, callees=callees)
    assume(result.status == SUCCESS)
    return {
        name: {given for given, word in WORDS.items() if word in text}
        for name, text in world.told.items()
    }


def told_by_the_graph(flow: Workflow) -> dict[str, set[str]]:
    """The same, of the called workflow by its name."""
    flows = Dataflow(flow, {"helper": HELPER})
    found: dict[str, set[str]] = defaultdict(set)
    for way in ways_out(flows):
        arrived = arriving(flows, way)
        given = {origin.name for origin, words, _ in arrived if origin.given and words}
        found[way.by or way.edge] |= given
    return found


@given(graphs())
def test_the_graph_says_just_what_runs_show(edges: list[dict[str, Any]]) -> None:
    flow = workflow(*edges, inputs=INPUTS)
    assert told_by_the_graph(flow) == told_in_a_run(flow)

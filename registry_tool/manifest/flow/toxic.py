"""Untrusted text, private data and a way out that meet in one edge: a toxic flow, and what settles it.

Text from outside may hold instructions. Where it comes together with data that is not everybody's, and what is
made of both is sent on, the instructions may choose what is sent. A declared recipient settles it: the data may go
there. Isolation does, too: text that a closed schema keeps out never arrives, so there is no such flow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from registry_tool.core.once import once
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.egress import recipient_of
from registry_tool.manifest.flow.dataflow import Dataflow
from registry_tool.manifest.flow.origins import ANSWER, SECRET, DataOrigin
from registry_tool.manifest.flow.reads import BLOCK
from registry_tool.manifest.flow.ways_out import Arrival, WayOut, arriving, ways_out
from registry_tool.manifest.model import Environment, Workflow

_NONE: Mapping[str, Workflow] = MappingProxyType({})
_ARROW: Final = " → "
MOST_FLOWS: Final = 200
"""Of each kind that are told."""


class FlowEnd(Record, frozen=True):
    """One of the sources that meet, and its way through edges and blocks to the edge that sends."""

    origin: DataOrigin
    way: tuple[str, ...]

    @property
    def words(self) -> str:
        """The source in words."""
        return self.origin.words


class ToxicFlow(Record, frozen=True):
    """Untrusted text and private data that an edge sends to a destination, in words; `by` a called workflow.

    `settled` says that the manifest names the destination as a recipient. With `acting`, no data is at stake but
    what the edge does with a secret.
    """

    edge: str
    destination: str
    untrusted: FlowEnd
    private: FlowEnd
    by: str = ""
    settled: bool = False
    acting: bool = False

    @property
    def recipient(self) -> str:
        """The destination's bare name, as `recipients` names it."""
        return recipient_of(self.destination)

    @property
    def words(self) -> str:
        """The flow in one sentence, ways included."""
        by = f", by {self.by}" if self.by else ""
        if self.acting:
            return (
                f"untrusted text ({self.untrusted.words}) decides what is sent to {self.destination}{by} with "
                f"{self.private.words}: {_way(self.untrusted)}"
            )
        ways = dict.fromkeys((_way(self.untrusted), _way(self.private)))
        return (
            f"untrusted text ({self.untrusted.words}) and private data ({self.private.words}) together reach "
            f"{self.destination}{by}: {'; '.join(ways)}"
        )

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "edge": self.edge,
            "destination": self.destination,
            "by": self.by,
            "settled": self.settled,
            "acting": self.acting,
            "untrusted": _end_value(self.untrusted),
            "private": _end_value(self.private),
        }


def toxic_flows(
    workflow: Workflow, callees: Mapping[str, Workflow] = _NONE, here: Environment | None = None
) -> tuple[ToxicFlow, ...]:
    """Every toxic flow of a workflow, settled ones included, in the order of its edges: one a way out.

    In the environment `here`, or in any that its manifest has; through `callees` (by name) where they are known.
    """
    if here is None and not callees:
        return _own(workflow)
    return _once_each(Dataflow(workflow, callees, here))


@once
def _own(workflow: Workflow) -> tuple[ToxicFlow, ...]:
    return _once_each(Dataflow(workflow, _NONE))


def _once_each(flows: Dataflow) -> tuple[ToxicFlow, ...]:
    """One flow an edge, destination and sender, of the most telling kind: a called workflow may send twice.

    At most `MOST_FLOWS` that are settled and as many that are not: hosts and models of many environments multiply.
    """
    found: dict[tuple[str, str, str], ToxicFlow] = {}
    count = Counter[bool]()
    for flow in _flows(flows):
        key = (flow.edge, flow.destination, flow.by)
        if key in found:
            found[key] = min(found[key], flow, key=lambda one: one.acting)
        elif count[flow.settled] < MOST_FLOWS:
            count[flow.settled] += 1
            found[key] = flow
        elif min(count[True], count[False]) == MOST_FLOWS:
            break
    return tuple(found.values())


def isolating(workflow: Workflow, callees: Mapping[str, Workflow] = _NONE) -> tuple[str, ...]:
    """The blocks into which no untrusted text gets, though it comes to the edges that write them."""
    stopping = Dataflow(workflow, callees).labels.stopping
    return tuple(node.name for node in stopping if node.kind == BLOCK)


def unsettled(flows: Iterable[ToxicFlow]) -> list[ToxicFlow]:
    """Those that nothing settles."""
    return [flow for flow in flows if not flow.settled]


def _flows(flows: Dataflow) -> Iterator[ToxicFlow]:
    named = set(flows.workflow.security.recipients)
    for way in ways_out(flows):
        met = _meeting(flows, way)
        if met is not None:
            untrusted, private = met
            yield ToxicFlow(
                way.edge,
                way.destination,
                _end(flows, way, untrusted, text=True),
                _end(flows, way, private, text=False),
                way.by,
                bool(named & {way.destination, recipient_of(way.destination)}),
                acting=_is_authority(private),
            )


def _meeting(flows: Dataflow, way: WayOut) -> tuple[Arrival, Arrival] | None:
    """The first untrusted text and private data of another source that arrive at a way out; None where none do.

    What meets inside a called workflow alone is that one's own affair.
    """
    arrived = list(arriving(flows, way))
    texts = [one for one in arrived if one[0].untrusted and one[1]]
    data = [one for one in arrived if one[0].private and not _goes_back(one[0], way)]
    data.sort(key=_is_authority)
    for private in data:
        for text in sorted(texts, key=lambda one: _nearness(one[0], private[0])):
            outside = not way.by or text[2] is not None or private[2] is not None
            if text[0] != private[0] and outside and not (_is_authority(private) and text[0].given):
                return text, private
    return None


def _nearness(text: DataOrigin, private: DataOrigin) -> tuple[bool, bool]:
    """Words from farther away tell more than those of the data's own answer, and these more than the caller's."""
    return text.given, (text.kind, text.name) == (ANSWER, private.opened_by[1])


def _goes_back(origin: DataOrigin, way: WayOut) -> bool:
    """Whether data returns to where the same secret read it, by a request that only reads."""
    return bool(origin.opened_by[0]) and origin.opened_by == way.opened


def _is_authority(arrived: Arrival) -> bool:
    """Whether it is a secret that an edge acts with, which never travels."""
    return arrived[0].kind == SECRET


def _end(flows: Dataflow, way: WayOut, arrived: Arrival, *, text: bool) -> FlowEnd:
    origin, _, node = arrived
    last = (way.step, way.by) if way.by else (way.step,)
    if node is None:
        return FlowEnd(origin, last)
    words = text or (origin, True) in flows.labels.at(node)
    return FlowEnd(origin, (*flows.labels.way(node, origin, text=words), *last))


def _way(end: FlowEnd) -> str:
    return _ARROW.join(end.way)


def _end_value(end: FlowEnd) -> Object:
    return {"what": end.words, "way": list[Value](end.way)}

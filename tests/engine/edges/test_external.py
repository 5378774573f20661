"""`external` edges: a run says what is missing, and a test gives the answer."""

from __future__ import annotations

from registry_tool.manifest.destinations import destinations
from tests.engine.small import go, workflow

FLOW = workflow(
    """
  blocks: [{ id: city, type: text }, { id: sky, type: text }]
  edges:
    - id: ask
      source: city
      target: sky
      type: external
      config: { service: amap, operation: weather, inputs: { city: "{{city}}" }, why: it is a plug-in }
  interface: { inputs: [{ name: city, required: true }], outputs: [{ name: sky }] }
"""
)


def test_a_run_ends_there_and_says_what_is_missing() -> None:
    error = go(FLOW, {"city": "Berlin"}).error
    assert "amap (weather) runs elsewhere: it is a plug-in" in error
    assert "put an edge that runs here in its place" in error


def test_an_answer_by_hand_stands_in() -> None:
    assert go(FLOW, {"city": "Berlin"}, answers={"ask": "grey"}).outputs == {"sky": "grey"}


def test_what_it_is_given_leaves_for_the_service() -> None:
    assert destinations(FLOW, FLOW.edges[0]) == {"the service amap"}

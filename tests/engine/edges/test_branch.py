"""`branch` edges: what is taken, what is skipped, and what makes no sense."""

from __future__ import annotations

import pytest

from registry_tool.engine.events import Event
from tests.engine.flows import blocks, copy
from tests.engine.small import go, workflow

BRANCH = """
    - id: choose
      source: a
      target: [yes_block, no_block]
      type: branch
      config:
        cases:
          long:
            conditions: [{ block: a, condition: greater_than_n_chars, parameters: { value: 3 }, operation: / }]
            thens: [{ from: a, to: yes_block }]
        else: [{ from: a, to: no_block }]
"""


@pytest.mark.parametrize(("text", "taken"), [("long text", "yes"), ("no", "no")])
def test_what_hangs_on_an_untaken_branch_is_skipped_and_the_run_succeeds(
    text: str, taken: str
) -> None:
    flow = workflow(
        blocks("a", "yes_block", "no_block", "after_yes", "after_no", "joined").rstrip("\n")
        + BRANCH
        + copy("cy", "yes_block", "after_yes")
        + copy("cn", "no_block", "after_no")
        + copy("jy", "after_yes", "joined")
        + copy("jn", "after_no", "joined")
        + "  interface:\n    inputs: [{ name: a, required: true }]\n"
        "    outputs: [{ name: joined }, { name: after_no, block: after_no }]\n"
    )
    events: list[Event] = []
    result = go(flow, {"a": text}, listeners=(events.append,))
    assert result.status == "success", result.error
    assert result.outputs["joined"] == text
    assert ("after_no" in result.outputs) == (taken == "no")
    skipped = {event.metadata["edge"] for event in events if event.name == "edge_skipped"}
    assert skipped == ({"cn", "jn"} if taken == "yes" else {"cy", "jy"})

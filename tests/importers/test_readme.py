"""The README of an imported project: ports, the next commands, and what stayed behind."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.first_test import FirstTest
from registry_tool.importers.imported import Imported, Loss, NodeReport, NodeStatus
from registry_tool.importers.readme import readme

MANIFEST: Any = {
    "metadata": {"name": "greeter"},
    "spec": {"interface": {"inputs": [{"name": "who"}], "outputs": [{"name": "said"}]}},
}


def test_ports_and_commands() -> None:
    text = readme(Imported(MANIFEST), FirstTest(None, True, ("who",)), "PuppyFlow")
    assert text.startswith("# greeter\n")
    assert "## Takes\n\n- `who`\n" in text
    assert "## Gives\n\n- `said`\n" in text
    assert "puppy-cli run . --input who=…\npuppy-cli test --record\n" in text
    assert "Not carried over" not in text


def test_a_workflow_without_ports_says_so() -> None:
    text = readme(Imported({}), FirstTest(None, False), "PuppyFlow")
    assert "## Takes\n\nNothing.\n" in text
    assert "Nothing: no block is only written." in text
    assert "puppy-cli test\n" in text


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (FirstTest(None, False, ("who", "why")), "no value for `who`, `why`"),
        (FirstTest(None, False), "has recorded no output"),
        (FirstTest({"name": "as-recorded"}, True), "asks them once and keeps the answers"),
        (FirstTest({"name": "as-recorded"}, False), "what the editor's last run left"),
    ],
)
def test_what_the_first_test_is_worth(test: FirstTest, expected: str) -> None:
    assert expected in readme(Imported(MANIFEST), test, "PuppyFlow")


def test_a_loss_cannot_leave_its_code_span() -> None:
    loss = Loss("blocks.`<b>`", "an `odd` key", "there is no place for it")
    (line,) = [
        line
        for line in readme(
            Imported(MANIFEST, (loss,)), FirstTest(None, False), "PuppyFlow"
        ).splitlines()
        if "odd" in line
    ]
    assert line.count("`") == 2
    assert line.startswith("- `") and line.endswith("`")


def test_nodes_that_do_not_run_are_reported_and_others_not() -> None:
    nodes = (
        NodeReport("1", "llm", NodeStatus.RUNS),
        NodeReport("2", "http-request", NodeStatus.NEEDS, "set the secret `X`"),
        NodeReport("3", "tool", NodeStatus.CARRIED, "a plug-in"),
    )
    text = readme(Imported(MANIFEST, nodes=nodes), FirstTest(None, False), "Dify")
    assert "Imported from an export of Dify." in text
    assert (
        "- `2 (http-request): needs, set the secret 'X'`\n- `3 (tool): carried, a plug-in`\n"
        in text
    )
    assert "llm" not in text

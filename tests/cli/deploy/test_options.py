"""What commands that deploy share: the strategy as it is typed."""

from __future__ import annotations

from registry_tool.cli.puppy import cli as puppy
from tests.cli.deploying import Run


def test_a_strategy_that_is_none(run: Run) -> None:
    code, _, err = run(puppy, "deploy", "hello", "--env", "development", "--strategy", "slow")
    assert code == 2
    assert "there is no strategy 'slow'" in err
    code, _, err = run(puppy, "deploy", "hello", "--env", "development", "--strategy", '{"type":')
    assert code == 2
    assert "--strategy:1:9: not JSON" in err
    assert "write a JSON object" in err

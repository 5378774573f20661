from __future__ import annotations

from collections.abc import Callable
from typing import Any

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.execute import execute
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.runs.feed import NewRuns
from registry_tool.state.target import Target


def test_each_record_is_given_once_of_one_environment_or_of_all(
    make_registry: Callable[..., Any],
) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    target = Target(made.root)
    for environment in ("development", "production"):
        deploy(target, "hello", environment)
        execute(target, "hello", {"who": "Ada"}, RunOptions(environment))
    everything, one = NewRuns(target), NewRuns(target)
    assert [(n.environment, n.status) for n in everything("")] == [
        ("development", ""),
        ("development", "success"),
        ("production", ""),
        ("production", "success"),
    ]
    assert {note.environment for note in one("production")} == {"production"}
    assert list(everything("")) == []
    assert list(one("production")) == []
    execute(target, "hello", {"who": "Ada"}, RunOptions("production"))
    assert [note.status for note in everything("")] == ["", "success"]


def test_a_registry_without_runs_gives_none(make_registry: Callable[..., Any]) -> None:
    made = make_registry(git=True)
    made.commit("Start")
    assert list(NewRuns(Target(made.root))("")) == []

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute_request
from registry_tool.core.errors import NotFoundError
from registry_tool.state.runs.logs import follow_log, log_file, read_log
from registry_tool.state.target import Target

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


def line(name: str, event: str) -> str:
    return json.dumps({"workflow": {"execution_id": name}, "event": event}) + "\n"


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def _next(steps: Iterator[Callable[[], object]]) -> None:
    next(steps)()


def test_one_run_is_picked_out_with_those_that_it_called(served: Target) -> None:
    path = log_file(served, "hello", "production")
    path.parent.mkdir(parents=True)
    path.write_text(line("exec-1", "a") + line("exec-12", "b") + line("exec-1.other", "c") + "{")
    assert [e["event"] for e in read_log(served, "hello", "production")] == ["a", "b", "c"]
    assert [e["event"] for e in read_log(served, "hello", "production", "exec-1")] == ["a", "c"]
    with pytest.raises(NotFoundError, match="no exec-9 was logged on this machine, and there is"):
        list(read_log(served, "hello", "production", "exec-9"))


def test_a_log_is_on_the_machine_that_ran_it_and_others_say_so(
    clones: Callable[[int], list[Target]],
) -> None:
    here, there = clones(2)
    made, _ = execute_request(here, "production", HELLO, BOB)
    assert len(list(read_log(here, "hello", "production"))) == 4
    with pytest.raises(NotFoundError, match=f"{made.execution_id} ran elsewhere") as error:
        list(read_log(there, "hello", "production"))
    assert made.artifact in error.value.hint


def test_a_log_is_followed_through_a_new_file(served: Target) -> None:
    path = log_file(served, "hello", "production")
    path.parent.mkdir(parents=True)
    steps = iter(
        [
            lambda: path.write_text(line("exec-1", "appears")),
            lambda: append(path, line("exec-2", "other") + '{"workflow": {"exec'),
            lambda: append(path, 'ution_id": "exec-1"}, "event": "whole"}\n'),
            lambda: path.write_text(line("exec-1", "cut")),
        ]
    )
    found = follow_log(served, "hello", "production", "exec-1", pause=partial(_next, steps))
    assert [entry["event"] for entry in islice(found, 3)] == ["appears", "whole", "cut"]
    found.close()


def test_following_begins_with_the_last_lines(served: Target) -> None:
    path = log_file(served, "hello", "production")
    path.parent.mkdir(parents=True)
    path.write_text("".join(line("exec-1", str(number)) for number in range(5)))
    more = partial(append, path, line("exec-1", "new"))
    found = follow_log(served, "hello", "production", last=2, pause=more)
    assert [entry["event"] for entry in islice(found, 3)] == ["3", "4", "new"]
    found.close()


def test_what_was_admitted_and_never_ran_is_known(served: Target) -> None:
    admit(served, "production", HELLO, BOB, execution_id="exec-1")
    with pytest.raises(NotFoundError, match=r"exec-1 ran elsewhere \(started 2026-11-25"):
        list(read_log(served, "hello", "production"))

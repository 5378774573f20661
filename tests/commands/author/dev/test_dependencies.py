from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from registry_tool.commands.author.dev.dependencies import dependencies_of
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.sources.program import Program, authored_program
from tests.commands.author.dev.projects import TWO_WAYS

REACHED = CaseResult("comes", Outcome.PASSED, started=frozenset({"choose", "greet"}))


def program(text: str = TWO_WAYS, **files: bytes) -> Program:
    named = {name.replace("__", "/"): data for name, data in files.items()}
    return authored_program({"workflow-resource.yaml": text.encode(), **named}, "here")


def key(of: Program, result: CaseResult = REACHED) -> str:
    return dependencies_of(of).key(result)


def test_an_edge_that_was_not_reached_does_not_count() -> None:
    assert key(program(TWO_WAYS.replace('"Farewell!"', '"Adieu!"'))) == key(program())
    assert key(program(TWO_WAYS.replace('"Welcome!"', '"Adieu!"'))) != key(program())


def test_a_run_that_never_began_is_always_made_again() -> None:
    assert key(program(), replace(REACHED, started=None)) == ""
    assert key(program(), replace(REACHED, started=frozenset({"gone"}))) == ""


def test_the_order_of_a_schemas_keys_counts() -> None:
    one = TWO_WAYS.replace(
        "{ id: welcome, type: text }",
        "{ id: welcome, type: text, schema: { minLength: 1, maxLength: 9 } }",
    )
    other = one.replace("minLength: 1, maxLength: 9", "maxLength: 9, minLength: 1")
    assert key(program(one)) != key(program(other))


def test_files_that_runs_read_count_and_others_do_not() -> None:
    assert key(program(resources__a=b"1")) != key(program(resources__a=b"2"))
    assert key(program(docs__a=b"1")) == key(program(docs__a=b"2"))


def test_called_workflows_count(tmp_path: Path) -> None:
    callee = program()
    caller = replace(program(), callees={"other": callee})
    changed = replace(caller, callees={"other": program(docs__a=b"1")})
    assert key(caller) != key(changed)

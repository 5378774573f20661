"""Runs in this process: results, failures, events, cancelling, and inside a loop that is running already."""

from __future__ import annotations

import asyncio

import pytest

from puppyai.workflows import (
    InvalidRequestError,
    MissingExtraError,
    RunFailedError,
    WorkflowClient,
)
from puppyai.workflows.run_here import missing_extra
from puppyai.workflows.translate import installed, translated
from tests.sdk.live_registry import LiveRegistry


def test_events_come_while_it_runs_and_for_who_comes_late(site: object) -> None:
    run = WorkflowClient(str(site)).get_workflow("hello").start({"who": "you"})
    first = [event.name for event in run]
    assert first[0] == "execution_started"
    assert first[-1] == "execution_finished"
    assert [event.name for event in run.events()] == first
    assert run.result().execution_id == run.id
    assert run.ended


def test_a_notebook_may_run_it(site: object) -> None:
    async def cell() -> str:
        workflow = WorkflowClient(str(site)).get_workflow("hello")
        return workflow.execute({"who": "you"}).text("greeting")

    assert asyncio.run(cell()) == "Hello, you!"


def test_wrong_inputs_are_named(site: object) -> None:
    workflow = WorkflowClient(str(site)).get_workflow("hello")
    with pytest.raises(InvalidRequestError, match="'who' is required"):
        workflow.execute()
    with pytest.raises(InvalidRequestError, match=r"inputs: .* not a mapping"):
        workflow.execute("you")  # type: ignore[arg-type]
    with pytest.raises(InvalidRequestError, match="use one of local, github, registry"):
        workflow.execute({"who": "you"}, via="cloud")  # type: ignore[arg-type]
    with pytest.raises(InvalidRequestError, match="no provider 'nobody'"):
        workflow.execute({"who": "you"}, provider="nobody")


def test_a_cancelled_run_is_reported_as_one(site: object) -> None:
    run = WorkflowClient(str(site)).get_workflow("hello").start({"who": "you"})
    run.cancel()
    try:
        assert run.result().status == "success"  # it was quicker
    except RunFailedError as error:
        assert error.result.status == "cancelled"


def test_cancelled_before_its_loop_began_it_ends(site: object) -> None:
    from puppyai.workflows.run_here import RunHere

    workflow = WorkflowClient(str(site)).get_workflow("hello")
    here = workflow._here({"who": "you"}, "", "", None)
    assert isinstance(here, RunHere)
    here.cancel()
    with pytest.raises(RunFailedError, match="cancelled") as caught:
        here.work(lambda _: None)
    assert (caught.value.result.status, caught.value.result.execution_id) == ("cancelled", here.id)


def test_a_missing_part_of_the_engine_names_its_extra() -> None:
    message = "a:1.0.0: no sandbox (pip install 'puppyai-workflow-registry[sandbox]')"
    error = missing_extra(message)
    assert error.reason == "a:1.0.0: no sandbox"
    assert error.install == f"pip install '{installed()}[sandbox]'"
    assert missing_extra("no model").install == ""


def test_what_goes_wrong_at_once_is_reported_by_what_a_person_can_mend() -> None:
    inner = ExceptionGroup("b", [ModuleNotFoundError("x", name="aiohttp")])
    with pytest.raises(MissingExtraError, match="aiohttp"), translated():
        raise ExceptionGroup("a", [ValueError("y"), inner])
    with pytest.raises(ExceptionGroup), translated():
        raise ExceptionGroup("a", [ValueError("y")])


def test_nothing_is_asked_of_a_live_registry(live: LiveRegistry) -> None:
    workflow = WorkflowClient(live.address).get_workflow("hello")
    workflow.execute({"who": "you"}, "production")
    assert live.paths("POST") == []

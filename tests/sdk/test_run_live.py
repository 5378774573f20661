"""Runs on a live registry: begun once, followed over cut streams, cancelled; every exchange fits our OpenAPI."""

from __future__ import annotations

from typing import Any

import pytest

from puppyai.workflows import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    NotSupportedError,
    RunFailedError,
    TimedOutError,
    WorkflowClient,
)
from tests.sdk.live_registry import CUT, LiveRegistry


def client(live: LiveRegistry, **more: Any) -> WorkflowClient:
    return WorkflowClient(live.address, sleep=lambda _: None, **more)


def test_execute_gives_what_it_gives_here(live: LiveRegistry) -> None:
    workflow = client(live).get_workflow("caller")
    there = workflow.execute({"who": "you"}, "production", via="registry")
    here = workflow.execute({"who": "you"}, "production")
    assert there.outputs == here.outputs == {"greeting": "Hello, you!"}
    assert there.execution_id.startswith("exec-")
    assert (there.status, there.usage.calls) == ("success", 0)
    assert dict(there.blocks) == dict(here.blocks)


def test_events_are_the_runs_own_also_over_cut_streams(live: LiveRegistry) -> None:
    workflow = client(live).get_workflow("hello")
    here = [event.name for event in workflow.start({"who": "you"})]
    live.cut_streams_after += [1, 0, 1]
    with workflow.start({"who": "you"}, via="registry") as run:
        there = list(run)
    assert [event.name for event in there] == here
    assert here[0] == "execution_started"
    assert there[-1].execution_id == run.id
    asked = [one.headers.get("last-event-id") for one in live.seen if one.path.endswith("/events")]
    assert asked == [None, "1", "1", "2"]


def test_a_lost_answer_begins_no_second_run(live: LiveRegistry) -> None:
    workflow = client(live).get_workflow("hello")
    assert workflow.execute({"who": "you"}, via="registry").greeting == "Hello, you!"
    live.faults += [CUT]  # the question whether it is live
    workflow.execute({"who": "you"}, via="registry")
    keys = [one.headers["idempotency-key"] for one in live.seen if one.method == "POST"]
    assert len(set(keys)) == len(live.runs) == 2


def test_a_static_registry_runs_nothing_and_says_what_does(live: LiveRegistry) -> None:
    live.is_live = False
    with pytest.raises(NotSupportedError, match="static") as caught:
        client(live).get_workflow("hello").execute({"who": "you"}, via="registry")
    assert 'via="local"' in caught.value.hint
    with pytest.raises(NotSupportedError, match="a folder runs nothing"):
        WorkflowClient(str(live.folder)).get_workflow("hello").execute(via="registry")


def test_who_may_not_is_reported_and_the_token_is_sent(live: LiveRegistry) -> None:
    live.token = "tell-nobody"
    with pytest.raises(AuthenticationError, match="no valid token") as caught:
        client(live).get_workflow("hello").execute({"who": "you"}, via="registry")
    assert (caught.value.status, caught.value.request_id[:4]) == (401, "req-")
    asked = client(live, auth_token="tell-nobody")
    assert asked.get_workflow("hello").execute({"who": "you"}, via="registry").status == "success"


def test_wrong_inputs_and_providers_are_refused(live: LiveRegistry) -> None:
    workflow = client(live).get_workflow("hello")
    with pytest.raises(InvalidRequestError, match="'who' is required") as caught:
        workflow.execute({}, via="registry")
    assert caught.value.status == 422
    with pytest.raises(InvalidRequestError, match="which provider answers"):
        workflow.execute({"who": "you"}, via="registry", provider="local")
    with pytest.raises(InvalidRequestError, match=r"inputs\.who"):
        workflow.execute({"who": {1, 2}}, via="registry")  # type: ignore[dict-item]


def test_a_run_is_cancelled_where_its_reader_leaves(live: LiveRegistry) -> None:
    live.holds_runs = True
    with client(live).get_workflow("hello").start({"who": "you"}, via="registry") as run:
        assert next(iter(run)).name == "execution_started"
        with pytest.raises(TimedOutError, match="goes on"):
            run.result(timeout=0.01)
    assert live.paths("DELETE") == [f"/api/v1/runs/{run.id}"]
    assert run.ended


def test_a_run_that_began_earlier_is_found_by_its_id(live: LiveRegistry) -> None:
    begun = client(live).get_workflow("hello").start({"who": "you"}, via="registry")
    begun.result()
    again = client(live).run(begun.id)
    assert again.result().greeting == "Hello, you!"
    with pytest.raises(NotFoundError, match="no such run"):
        client(live).run("exec-nothing").result()


def test_a_failed_run_is_an_error_with_its_result(live: LiveRegistry) -> None:
    workflow = client(live).get_workflow("hello")
    with pytest.raises(RunFailedError) as caught:
        workflow.execute({"who": 5}, via="registry")
    assert caught.value.result.status == "error"
    assert caught.value.location.startswith("exec-")

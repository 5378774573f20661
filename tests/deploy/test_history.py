from __future__ import annotations

from registry_tool.core.values import Object, Value
from registry_tool.deploy.event_log import DeployEvent, served_value
from registry_tool.deploy.history import read_history
from registry_tool.deploy.model import Serving
from registry_tool.deploy.state import serving_value

A, B, C = (Serving(version, f"sha256:{version}") for version in ("1.0.0", "1.1.0", "2.0.0"))


def event(stage: str, deployment: str, status: str, **detail: Value) -> DeployEvent:
    return DeployEvent(
        number=1,
        previous="",
        deployment=deployment,
        workflow="hello",
        environment="production",
        stage=stage,
        status=status,
        time="2026-01-01T00:00:00.000Z",
        seconds=1.5,
        detail=detail,
    )


def deployed(entry: Serving, deployment: str, status: str = "ok") -> DeployEvent:
    fields: Object = {"entry": serving_value(entry), "serving": served_value([entry])}
    return event("watch", deployment, status, finished=True, **fields)


def back_to(entry: Serving | None, deployment: str = "back") -> DeployEvent:
    fields: Object = {"entry": serving_value(entry)} if entry else {}
    serving = served_value([entry] if entry else [])
    return event("rollback", deployment, "ok", asked=True, serving=serving, **fields)


def versions(events: list[DeployEvent]) -> list[str]:
    return [entry.version for entry in read_history(events).line]


def test_what_was_rolled_back_from_is_not_gone_back_to() -> None:
    events = [deployed(A, "1"), deployed(B, "2"), deployed(C, "3")]
    assert versions(events) == ["1.0.0", "1.1.0", "2.0.0"]
    events.append(back_to(B))
    history = read_history(events)
    assert [entry.version for entry in history.line] == ["1.0.0", "1.1.0"]
    assert history.previous is not None
    assert history.previous.version == "1.0.0"
    assert history.before(A) is None
    assert history.weights == (("1.1.0", 100),)
    assert history.finished == {"1", "2", "3", "back"}
    assert [entry.version for entry in history.known] == ["1.0.0", "1.1.0", "2.0.0"]


def test_going_forward_again_by_name() -> None:
    events = [deployed(A, "1"), deployed(B, "2"), back_to(A), back_to(B)]
    assert versions(events) == ["1.0.0", "1.1.0"]


def test_ending_a_first_deployment_leaves_nothing() -> None:
    history = read_history([back_to(None)])
    assert (history.line, history.weights, history.previous) == ((), (), None)


def test_what_failed_never_served() -> None:
    assert versions([deployed(A, "1", "failed")]) == []

from __future__ import annotations

from registry_tool.core.values import Object
from registry_tool.deploy.history import read_history, served_value
from registry_tool.deploy.model import Serving
from registry_tool.deploy.state import serving_value

A, B, C = (Serving(version, f"sha256:{version}") for version in ("1.0.0", "1.1.0", "2.0.0"))


def deployed(entry: Serving, deployment: str) -> Object:
    return {
        "stage": "watch",
        "status": "ok",
        "deployment": deployment,
        "detail": {
            "finished": True,
            "entry": serving_value(entry),
            "serving": served_value([entry]),
        },
    }


def back_to(entry: Serving | None, deployment: str = "back") -> Object:
    detail: Object = {"asked": True, "serving": served_value([entry] if entry else [])}
    if entry:
        detail["entry"] = serving_value(entry)
    return {"stage": "rollback", "status": "ok", "deployment": deployment, "detail": detail}


def versions(events: list[Object]) -> list[str]:
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
    failed = {**deployed(A, "1"), "status": "failed"}
    assert versions([failed]) == []

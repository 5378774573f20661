"""How a deployment is shown: a line a stage, inert, with what people read."""

from __future__ import annotations

import pytest

from registry_tool.cli.deploy.show import print_event, say, show
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Serving, StageEvent


def printed(capsys: pytest.CaptureFixture[str], **detail: object) -> str:
    event = StageEvent("dep-1", "select", "ok", "2026-03-01T12:00:00.000Z", 0.5, detail)  # type: ignore[arg-type]
    print_event(event)
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err


def test_a_stage_is_one_line_without_what_is_long(capsys: pytest.CaptureFixture[str]) -> None:
    serving: list[Object] = [{"version": "1.0.0"}]
    line = printed(capsys, version="1.0.0", digest="sha256:" + "a" * 64, serving=serving, empty="")
    assert (
        line == "select        ok              0.50 s  version 1.0.0, digest sha256:aaaaaaaaaa…\n"
    )


def test_lists_objects_and_flags(capsys: pytest.CaptureFixture[str]) -> None:
    line = printed(capsys, asked=True, rules=["after", "approval"], found={"a": 1, "b": None})
    assert line.endswith("asked, rules after approval, found a:1\n")


def test_strangers_words_are_inert(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in printed(capsys, reason="\x1b[31mred")
    say("\x1b[31mred")
    assert "\x1b" not in capsys.readouterr().err


def test_what_serves_is_a_sentence_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    state = Deployment("hello", "production", (Serving("1.0.0", "sha256:a"),))
    show(state)
    assert capsys.readouterr().out == "hello:1.0.0 serves in production.\n"
    show(state, "json")
    assert '"hello"' in capsys.readouterr().out

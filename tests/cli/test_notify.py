from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from registry_tool.cli.registry import cli
from tests.commands.notify.receiver import receiver
from tests.conftest import RegistryFolder


@pytest.fixture
def root(make_registry: Callable[..., RegistryFolder]) -> str:
    registry = make_registry()
    with (registry.root / "registry/registry.yaml").open("a") as file:
        file.write("\nnotifications: [{ form: slack }]\n")
    return str(registry.root)


def test_a_trial_and_alerts(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as opened:
        for name, value in opened.environ.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(cli, ["notify", "test", "--registry", root])
        assert (done.exit_code, done.output) == (0, "slack (slack) was notified of test.\n")
        message = '{"alerts": [{"status": "firing", "labels": {"alertname": "x"}}]}'
        words = ["notify", "alerts", "--registry", root, "--format", "json"]
        done = CliRunner().invoke(cli, words, input=message)
        (one,) = json.loads(done.output)["deliveries"]
        assert (done.exit_code, one["delivered"], one["type"]) == (0, True, "alert.firing")
        done = CliRunner().invoke(cli, words, input='{"alerts": []}')
        assert (done.exit_code, json.loads(done.output)) == (0, {"deliveries": []})


def test_who_was_not_reached_is_an_error(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SLACK_URL", raising=False)
    done = CliRunner().invoke(cli, ["notify", "test", "--registry", root])
    assert done.exit_code == 1
    assert "the variable NOTIFY_SLACK_URL is not set" in done.stderr

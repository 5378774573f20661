"""`config` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry_tool.cli.puppy import cli
from tests.cli.invoked import invoke


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_settings_are_written_and_read() -> None:
    assert invoke("config", "set", "registry", "https://a.example").output.startswith("written: ")
    assert invoke("config", "get", "registry").output == "https://a.example\n"
    listed = invoke("config", "list").output.splitlines()
    assert [line.split()[:2] for line in listed] == [
        ["registry", "https://a.example"],
        ["offline", "false"],
        ["cache.size", "0"],
    ]
    found = json.loads(invoke("config", "get", "registry", "--format", "json").output)
    assert found["source"].endswith("config.toml:1")
    assert invoke("config", "unset", "registry").exit_code == 0
    found = json.loads(invoke("config", "list", "--format", "json").output)
    assert [one["key"] for one in found["settings"]] == ["offline", "cache.size"]


def test_an_address_with_a_token_comes_on_standard_input() -> None:
    words = ["config", "set", "registries.acme", "-"]
    done = CliRunner().invoke(cli, words, input="https://t0ken@acme.example\n")
    assert done.exit_code == 0
    assert "t0ken" not in done.output + invoke("config", "list").output


def test_a_project_s_setting_is_its_own() -> None:
    invoke("config", "set", "registry", "acme/workflows", "--project")
    assert Path("puppy.toml").read_text() == 'registry = "acme/workflows"\n'

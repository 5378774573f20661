"""What a machine has and lacks, with the way to get it."""

from __future__ import annotations

import shutil

import pytest

from registry_tool.commands.author.doctor import doctor


def test_every_part_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    parts = {part.name: part for part in doctor()}
    assert all(part.hint and part.about for part in parts.values())
    for name, hint in (("git", "install git"), ("model key", "OPENAI_API_KEY")):
        assert not parts[name].found
        assert hint in str(parts[name].to_value()["way_out"])


def test_what_is_there_needs_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    (key,) = [part for part in doctor() if part.name == "model key"]
    assert key.to_value()["way_out"] == ""

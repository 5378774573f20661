"""Credentials are taken out of a foreign file's texts, and told by place."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.credentials import cut_out, without_credentials, without_named
from registry_tool.importers.imported import Loss

KEY = "ghp_" + "aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0aB3dE6"


def test_they_are_taken_out_wherever_they_stand() -> None:
    losses: list[Loss] = []
    removed: list[str] = []
    value: Any = {"a": ["plain", f"token {KEY}."], "b": {"c": 1, "d": None}}
    clean = without_credentials(value, losses, removed)
    assert KEY not in str(clean)
    assert "REMOVED" in str(clean)
    assert [loss.where for loss in losses] == ["a.1"]
    assert KEY not in cut_out(f"x: {KEY}", removed)


def test_what_is_none_stays() -> None:
    losses: list[Loss] = []
    value: Any = {"prompt": "Write sk-... here, or YOUR_API_KEY", "n": 1}
    assert without_credentials(value, losses, []) == value
    assert losses == []


def test_a_short_text_is_cut_out_of_nothing() -> None:
    assert cut_out("abc abcdef", ["abc", "abcdef"]) == "abc REMOVED"


def test_a_name_tells_a_secret_that_has_no_form_of_its_own() -> None:
    losses: list[Loss] = []
    removed: list[str] = []
    value: Any = {
        "body": [{"name": "client_secret", "value": "one"}, {"key": "user", "value": "ada"}],
        "options": {"password": "two", "secret": "={{ $json.s }}", "Pass-Phrase": ""},
        "tool": {"api-secret": {"type": "mixed", "value": "three"}},
        "json": '{"user": "ada", "refresh_token": "fo\\"ur", "pwd": "{{x}}"}',
        "form": "user=ada&password=five&x=1",
    }
    assert without_named(value, losses, removed) == {
        "body": [{"name": "client_secret", "value": "REMOVED"}, {"key": "user", "value": "ada"}],
        "options": {"password": "REMOVED", "secret": "={{ $json.s }}", "Pass-Phrase": ""},
        "tool": {"api-secret": {"type": "mixed", "value": "REMOVED"}},
        "json": '{"user": "ada", "refresh_token": "REMOVED", "pwd": "{{x}}"}',
        "form": "user=ada&password=REMOVED&x=1",
    }
    assert removed == ["one", "two", "three", 'fo\\"ur', "five"]
    assert [loss.where for loss in losses] == [
        *("body.0.value", "options.password", "tool.api-secret.value", "json", "form"),
    ]
    assert without_named(value["body"], [], [])[1] == value["body"][1]  # type: ignore[index, call-overload]


def test_many_quotes_are_read_once() -> None:
    text = '"password": "' * 20_000
    assert len(str(without_named(text, [], []))) > 100_000

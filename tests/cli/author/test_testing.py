"""`puppy-cli test` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from tests.cli.invoked import invoke
from tests.commands.author.test_suite import MANIFEST


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PUPPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workflow-resource.yaml").write_text(MANIFEST)
    return tmp_path


def test_a_name_and_every_report(judge: Path) -> None:
    done = invoke("test", ".", "-k", "praise", "--html", "a.html", "--junit", "a.xml")
    assert done.exit_code == 0, done.output
    assert "1 passed, 0 failed, 1 not run" in done.output
    for report in (done.output, *(Path(name).read_text() for name in ("a.html", "a.xml"))):
        assert "answers written by hand: classify" in report
    document = json.loads(invoke("test", ".", "-k", "praise", "--format", "json").output)
    assert [case["answers_by_hand"] for case in document["cases"]] == [["classify"]]


def test_nothing_of_that_name_is_wrong_usage(judge: Path) -> None:
    done = invoke("test", ".", "-k", "prays")
    assert isinstance(done.exception, UsageError)
    assert "'praise', 'scolding'" in done.exception.hint


def test_two_reports_are_two_files(judge: Path) -> None:
    done = invoke("test", ".", "--junit", "same", "--html", "same")
    assert isinstance(done.exception, UsageError)


def test_last_failed_says_when_nothing_did(judge: Path) -> None:
    done = invoke("test", ".", "--last-failed")
    assert "No test failed last time, so all of them are run." in done.stderr


def test_planted_instructions_are_reported_in_words_and_as_data(judge: Path) -> None:
    done = invoke("test", ".", "--canaries")
    assert done.exit_code == 0, done.output
    assert "Instructions planted in " in done.output
    document = json.loads(invoke("test", ".", "--canaries", "--format", "json").output)
    assert document["workflow"].startswith("judge:") or document["tests"] > 0
    refused = invoke("test", ".", "--canaries", "--runs", "2")
    assert refused.exit_code == 2
    assert "--canaries goes with" in refused.output

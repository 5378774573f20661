"""What a stranger wrote is judged in a process with limits; breaking one is a finding, not the end of it all."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from registry_tool.commands.review.judge import JudgeRequest, judged_apart
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.runtime.confined import JUDGING, Confined, ConfinedError


class Scripted(Confined):
    """Answers with a script and ends as it is told; hand-written, since a real limit takes its time to be met."""

    def __init__(self, lines: list[Object], reason: str) -> None:
        self._lines, self._reason = lines, reason

    def ask(self, kind: object, what: object):  # type: ignore[no-untyped-def]
        yield from self._lines

    def stopped(self, limits: object) -> str:
        return self._reason


REQUEST = JudgeRequest(
    ".", "a", "b", None, (("one", "1.0.0"), ("two", "2.0.0"), ("three", "1.0.0"))
)


@pytest.mark.parametrize(
    ("rule", "file"), [("secrets", "docs/long.md"), ("values-fit", "manifest.yaml")]
)
def test_a_limit_is_a_finding_that_names_version_rule_and_file(rule: str, file: str) -> None:
    script: list[Object] = [
        {"bounded": True},
        {"version": "one:1.0.0"},
        {"readable": True, "findings": []},
        {"version": "two:2.0.0"},
        {"rule": rule},
    ]
    confined = Scripted(script, "more than 60 s of processor time")
    judged = judged_apart(confined, REQUEST, lambda folder: f"{folder}/docs/long.md").by_version
    assert judged["one", "1.0.0"].readable
    (finding,) = judged["two", "2.0.0"].findings
    assert finding.path == f"registry/workflows/two/2.0.0/{file}"
    assert "more than 60 s of processor time" in finding.message
    assert rule in finding.message
    assert finding.help
    (other,) = judged["three", "1.0.0"].findings
    assert "not judged" in other.message


@pytest.fixture(params=["warm", "cold"])
def confined(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    if request.param == "cold":
        request.getfixturevalue("cold_children")
    process = Confined("judge")
    yield process
    process.close()


def test_the_real_process_says_how_it_ended(confined: Confined) -> None:
    process = confined._process
    assert confined.stopped(JUDGING) == ""
    os.kill(process.pid, signal.SIGXCPU)
    assert not list(confined.ask("judge", REQUEST))
    assert confined.stopped(JUDGING) == "more than 60 s of processor time"


def test_an_error_of_the_real_process_is_reported(confined: Confined, tmp_path: Path) -> None:
    request = JudgeRequest(str(tmp_path), "a", "b", None, (("one", "1.0.0"),))
    with pytest.raises(RegistryError, match="git repository"):
        list(confined.ask("judge", request))


def test_a_bug_in_the_real_process_is_one_here(confined: Confined) -> None:
    with pytest.raises(ConfinedError, match="Traceback"):
        list(confined.ask("judge", 5))


def test_it_holds_no_secret_and_no_folder(
    confined: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = Path(f"/proc/{confined._process.pid}/environ")
    if not environment.exists():
        pytest.skip("this system has no /proc, where the environment of a process is seen")
    monkeypatch.setenv("GITHUB_TOKEN", "a-token-of-the-job")
    other = Confined("judge")
    try:
        result = Path(f"/proc/{other._process.pid}/environ").read_bytes()
    finally:
        other.close()
    assert b"a-token-of-the-job" not in result

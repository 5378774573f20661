"""`status` and those that look: a typing error is not taken for nothing."""

from __future__ import annotations

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry_tool
from tests.cli.deploying import Run


def test_a_typing_error_is_not_taken_for_an_empty_environment(run: Run) -> None:
    for words in (["status", "--env", "prodution"], ["runs", "--env", "prodution"]):
        code, out, err = run(puppy, *words)
        assert (code, out) == (2, "")
        assert "the registry has no environment 'prodution'" in err
    for words in (["scheduled", "--env", "prodution"], ["exporter", "--env", "prodution"]):
        code, _, err = run(registry_tool, *words)
        assert code == 2
        assert "the registry has no environment 'prodution'" in err
    spelled = ("rollback", "pause", "resume", "promote", "logs")
    for words in (
        ["status", "helo"],
        ["runs", "helo"],
        *([w, "helo", "--env", "staging"] for w in spelled),
    ):
        code, out, err = run(puppy, *words)
        assert (code, out) == (1, "")
        assert "there is no workflow helo" in err
        assert "did you mean hello?" in err
    assert run(puppy, "status", "hello", "--env", "production")[1] == (
        "Nothing of hello is deployed to production.\n"
    )
    asked = ("hello", "--env", "production", "--status", "error", "--since", "24h")
    none = "No run of hello in production with the status error since 24h is recorded.\n"
    assert run(puppy, "runs", *asked)[1] == none

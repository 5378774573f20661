"""What a save makes `dev` do again, and what it doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.dev.session import DevResult, DevSession, record_command
from tests.commands.author.dev.projects import TWO_WAYS, change, two_ways


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return two_ways(tmp_path / "two-ways")


@pytest.fixture
def session(project: Path) -> DevSession:
    found = DevSession(project)
    first = look(found)
    assert first.anew == ("comes", "goes")
    return found


def look(session: DevSession) -> DevResult:
    found = session.look()
    assert found is not None
    return found


def outcomes(found: DevResult) -> dict[str, bool]:
    assert found.report is not None
    return {case.name: case.passed for case in found.report.cases}


def test_without_a_registry_one_warning_says_what_was_not_checked(project: Path) -> None:
    found = look(DevSession(project))
    assert found.fine, found.check.findings
    assert [one.warns for one in found.check.not_checked].count(True) == 1


def test_nothing_saved_is_nothing_to_say(project: Path, session: DevSession) -> None:
    (project / "workflow-resource.yaml").write_text(TWO_WAYS)
    (project / ".hidden").write_text("x")
    assert session.look() is None


def test_words_are_judged_and_no_test_runs(project: Path, session: DevSession) -> None:
    (project / "docs/README.md").write_text("# Two ways\n\nAnd \u202e hidden words.\n")
    found = look(session)
    assert found.anew == ()
    assert "hidden-characters" in {finding.rule for finding in found.check.findings}
    change(project, "Greets or bids farewell", "Says hello and goodbye")
    assert look(session).anew == ()


def test_only_the_test_that_comes_to_an_edge_runs_again(project: Path, session: DevSession) -> None:
    change(project, 'content: "Welcome!"', 'content: "Come in!"')
    found = look(session)
    assert found.anew == ("comes",)
    assert outcomes(found) == {"comes": False, "goes": True}


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("{ welcome: Welcome! }", "{ welcome: Hi! }", "comes"),
        ("{ value: hello }", "{ value: bye }", "comes goes"),
        ('"Farewell!"', '"Farewell, {{said}}!"', "goes"),
        ('"Farewell!"', '"Farewell, {{coming}}!"', "comes goes"),  # both come to it now
        (
            "id: welcome, type: text",
            "id: welcome, type: text, schema: { maxLength: 9 }",
            "comes goes",
        ),
    ],
)
def test_what_decides_the_way_concerns_every_test(
    project: Path, session: DevSession, old: str, new: str, anew: str
) -> None:
    change(project, old, new)
    assert look(session).anew == tuple(anew.split())


def test_a_resource_concerns_every_test(project: Path, session: DevSession) -> None:
    (project / "resources").mkdir()
    (project / "resources/a.txt").write_text("a")
    assert look(session).anew == ("comes", "goes")


def test_half_a_line_is_a_finding_and_the_next_save_goes_on(
    project: Path, session: DevSession
) -> None:
    for broken in (
        TWO_WAYS[:-9],
        TWO_WAYS + "\n  x: [",
        "",
        "\x00",
        TWO_WAYS.replace("greet", "gréet"),
    ):
        (project / "workflow-resource.yaml").write_text(broken)
        found = look(session)
        assert (found.report, found.fine) == (None, False)
        assert found.check.refused
    (project / "workflow-resource.yaml").write_text(TWO_WAYS)
    assert look(session).anew == ()


def test_a_project_that_is_away_for_a_moment_is_looked_at_again(
    project: Path, session: DevSession
) -> None:
    manifest = project / "workflow-resource.yaml"
    manifest.rename(project / "away.yaml")
    assert "there is no workflow-resource.yaml" in look(session).why
    (project / "away.yaml").rename(manifest)
    assert look(session).fine


def test_what_lacks_an_answer_is_said_with_the_command(project: Path, session: DevSession) -> None:
    change(
        project,
        'type: modify\n      config: { modify_type: edit_text, content: "Welcome!" }',
        'type: llm\n      config: { prompt: "Greet {{coming}}", model: m }',
    )
    found = look(session)
    assert found.unrecorded == ("comes",)
    assert record_command(Path("a b"), found.unrecorded) == (
        "puppy-cli test './a b' -k comes --record"
    )


def test_json_says_what_ran_anew(project: Path, session: DevSession) -> None:
    change(project, 'content: "Welcome!"', 'content: "Come in!"')
    result = look(session).to_value()
    assert result["run_anew"] == ["comes"]
    assert {"findings", "checked", "tests", "not_run", "seconds"} <= result.keys()

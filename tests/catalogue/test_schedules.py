from __future__ import annotations

import pytest

from registry_tool.catalogue.schedules import Schedule, cron_problem
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError

TEXT = """\
name: Test
environments: { production: {} }
schedules:
  - { name: nightly, cron: "0 3 * * *", environment: production, workflow: hello, inputs: { who: Ada } }
"""


def test_a_schedule_is_read() -> None:
    (schedule,) = read_settings(TEXT.encode(), "r").schedules
    assert schedule == Schedule("nightly", "0 3 * * *", "production", "hello", {"who": "Ada"})
    assert schedule.enabled


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('"0 3 * * *"', '"0 25 * * *"', 4, "is not a cron expression: Bad hour"),
        ('"0 3 * * *"', '"* * * * * *"', 4, "has not five fields"),
        ('"0 3 * * *"', '"0 0 30 2 *"', 4, "is not a cron expression"),
        ("environment: production", "environment: mars", 4, "there is no environment 'mars'"),
        ("inputs: {", "inputs_file: x.json, inputs: {", 4, "inputs stand here and in a file"),
        ("inputs: { who: Ada }", "inputs_file: ../x.json", 4, "steps outside"),
        ("name: nightly", "name: Nightly", 4, "name"),
        ("name: nightly", "name: nightly, every: day", 4, "every"),
        ('cron: "0 3 * * *",', "", 4, "cron"),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(old: str, new: str, line: int, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(FindingsError) as refused:
        read_settings(TEXT.replace(old, new).encode(), "r")
    (finding, *_) = refused.value.findings
    assert finding.line == line
    assert reason in finding.message


def test_two_schedules_have_two_names() -> None:
    with pytest.raises(FindingsError, match="duplicate schedule 'nightly'"):
        read_settings((TEXT + TEXT.splitlines(keepends=True)[-1]).encode(), "r")


@pytest.mark.parametrize("text", ["0 3 * * *", "*/15 8-18 * * 1-5", "0 0 29 2 *", "0 0 L * *"])
def test_what_is_a_cron_expression(text: str) -> None:
    assert cron_problem(text) == ""

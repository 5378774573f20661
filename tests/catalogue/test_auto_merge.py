from __future__ import annotations

from datetime import timedelta

import pytest

from registry_tool.catalogue.auto_merge import NEW_NAME, AutoMergePolicy
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError


def policy(text: str) -> AutoMergePolicy | None:
    return read_settings(f"name: Ours\npolicy: {text}\n".encode(), "registry.yaml").auto_merge


def test_nothing_is_merged_unless_it_is_asked_for() -> None:
    assert policy("{}") is None
    assert policy("{ auto_merge: {} }") == AutoMergePolicy()


def test_every_word_of_it() -> None:
    made = policy(
        "{ auto_merge: { bumps: [major], wait: { new_version: 90m, new_name: 7d }, score: 60, "
        "stop_label: not yet, method: squash } }"
    )
    assert made is not None
    assert (made.bumps, made.score, made.stop_label, made.method) == (
        frozenset({"major"}),
        60,
        "not yet",
        "squash",
    )
    assert (made.admits("major"), made.admits("patch"), made.admits(NEW_NAME)) == (
        True,
        False,
        True,
    )
    assert made.wait(["major"]) == timedelta(minutes=90)
    assert made.wait(["major", NEW_NAME]) == timedelta(days=7)


def test_no_bump_and_no_new_name() -> None:
    made = policy("{ auto_merge: { bumps: [] } }")
    assert made is not None
    assert not any(map(made.admits, ("patch", "minor", "major", "prerelease", NEW_NAME)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ bumps: [tiny] }", "tiny"),
        ("{ wait: { new_version: soon } }", "soon"),
        ("{ wait: { always: 1h } }", "always"),
        ("{ score: 101 }", "101"),
        ("{ stop_label: '`x`' }", "stop_label"),
        ("{ method: rebase }", "rebase"),
        ("true", "object"),
    ],
)
def test_what_it_is_not(text: str, said: str) -> None:
    with pytest.raises(FindingsError) as refused:
        policy(f"{{ auto_merge: {text} }}")
    (finding,) = refused.value.findings
    assert said in finding.message + finding.help + finding.path
    assert finding.line == 2

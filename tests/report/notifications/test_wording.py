from __future__ import annotations

import string

from registry_tool.catalogue.notifications import AnnouncedKind
from registry_tool.report.notifications.wording import (
    _WORDS,
    AlertFacts,
    FailureFacts,
    PublishedFacts,
    alert,
    deployment_failed,
    many_published,
    published,
    trial,
)

NOW = "2026-01-20T15:30:00.000Z"
GREET = PublishedFacts("greet", "1.1.0", "ada", "Greets.", "https://x.example/", "minor", ("a: b",))


def test_both_languages_have_the_same_words_and_places() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    english, chinese = _WORDS["en"], _WORDS["zh"]
    assert english.keys() == chinese.keys()
    assert {k: places(v) for k, v in english.items()} == {k: places(v) for k, v in chinese.items()}


def test_a_version_is_reported_with_what_changed() -> None:
    said = published("Test", NOW, GREET)
    assert said.message("en").text.splitlines() == [
        "greet 1.1.0 is published in Test (minor)",
        *("Greets.", "by ada", "a: b", "https://x.example/"),
    ]
    assert said.message("zh").title == "Test 发布了 greet 1.1.0 (minor)"
    assert (said.type, said.data["changes"]) == ("version.published", ["a: b"])
    assert said.id == published("Test", "later", GREET).id != published("Other", NOW, GREET).id


def test_many_versions_share_a_message() -> None:
    said = many_published("Test", NOW, [GREET] * 30)
    assert said.message("en").title == "30 versions are published in Test"
    assert len(said.data["versions"]) == 30  # type: ignore[arg-type]


def test_a_failure_and_an_alert() -> None:
    facts = FailureFacts("greet", "production", "watch", "error_rate 0.5", "dep-1", "1.1.0", NOW)
    said = deployment_failed("Test", NOW, facts).message("zh")
    assert said.text.splitlines() == [
        "greet 1.1.0 部署到 production 失败 · Test",
        "阶段 watch：error_rate 0.5",
        "dep-1",
    ]
    fires = AlertFacts("workflow_down", True, NOW, "critical", "greet is down", labels={"a": "b"})
    assert alert("Test", NOW, fires).message("en").text.splitlines() == [
        "Alert workflow_down in Test [critical]",
        *("greet is down", "a=b"),
    ]
    ended = alert("Test", NOW, AlertFacts("workflow_down", False, NOW))
    assert (ended.type, ended.data["status"]) == ("alert.resolved", "resolved")


def test_a_trial_says_that_it_is_one() -> None:
    said = trial("Test", NOW, AnnouncedKind.ALERT)
    assert (said.kind, said.message("en").title) == (
        AnnouncedKind.ALERT,
        "A test of the notifications of Test",
    )

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.cli.registry import cli
from registry_tool.commands.review.acceptance import Acceptance, acceptance_from, actor_from
from registry_tool.core.errors import UsageError
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules.change_set import Pusher
from tests.conftest import RegistryFolder

LABEL = "accept-01234567-0123456789abcdef0123456789abcdef"


def test_who_asks() -> None:
    actor = actor_from("7", "ada", ["8", ""])
    assert actor is not None
    assert (actor.id, actor.login, actor.approvals) == (7, "ada", frozenset({8}))
    assert actor_from("") is None
    for words in ("x", "-1", "1" * 19, "\u0661"):
        with pytest.raises(UsageError, match="is not a numeric id"):
            actor_from(words)


def test_who_pushed_last() -> None:
    def pushers(pusher: str) -> tuple[object, bool]:
        actor = actor_from("7", "ada", (), pusher, "bob")
        assert actor is not None
        return actor.pushers, actor.pusher_unknown

    assert pushers("") == pushers("7") == ((), False)
    assert pushers("8") == ((Pusher(8, "bob"),), False)
    assert pushers("unknown") == ((), True)
    assert actor_from("", pusher="unknown") is None  # a merge queue
    with pytest.raises(UsageError, match="is not a numeric id"):
        pushers("x")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([LABEL], {LABEL}),
        ([f'["bug", "{LABEL}"]'], {LABEL}),
        (["accept-0123", f"{LABEL}0", f"{LABEL}-x", f"x-{LABEL}", "$(touch pwned)"], set()),
        (["accept-0123456789ab"], set()),  # what earlier versions told: 48 bits
        ([], set()),
    ],
)
def test_labels_in_any_text(texts: list[str], found: set[str]) -> None:
    assert acceptance_from(texts).labels == found


def test_a_label_counts_where_a_maintainer_set_it() -> None:
    nobody, eve = (
        RegistrySettings("Ours"),
        RegistrySettings("Ours", maintainers=(OwnerAccount("eve", 3),)),
    )
    assert Acceptance(frozenset({LABEL})).keys(nobody) == {LABEL}
    assert Acceptance(frozenset({LABEL})).keys(eve) == set()
    assert acceptance_from([LABEL], "4").keys(eve) == set()
    assert acceptance_from([LABEL], "3").keys(eve) == {LABEL}


@pytest.mark.parametrize("format_", ["json", "github", "text", "sarif"])
def test_every_format_says_that_ownership_was_not_judged(
    make_registry: Callable[..., RegistryFolder], format_: str
) -> None:
    registry = make_registry(git=True)
    words = ["check-pr", "--base", "main", "--root", str(registry.root), "--format", format_]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0
    assert "ownership, since nobody knows who asks" in result.stdout + result.stderr
    known = CliRunner().invoke(cli, [*words, "--actor-id", "1"])
    assert "nobody knows who asks" not in known.stdout + known.stderr

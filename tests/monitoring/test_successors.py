"""Which successor counts, and which newest versions move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.monitoring.retirement import VERSION, Affected, ModelUse, Retirement
from registry_tool.monitoring.successors import ModelMove, moves
from registry_tool.store.registry_tree import registry_tree
from tests.conftest import RegistryFolder

UNTIL = datetime(2026, 12, 31, tzinfo=UTC)


def end(model: str, replacement: str, year: int = 2026) -> Retirement:
    return Retirement(model, datetime(year, 6, 1, tzinfo=UTC), replacement, "https://example.com")


KNOWN = {
    one.model: one
    for one in (
        end("old", "new"),
        end("older", "old"),
        end("lonely", ""),
        end("round", "about"),
        end("about", "round"),
        end("last", "fine"),
        end("fine", "finer", 2030),
    )
}


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry()
    made.add("hello", "1.0.0")
    return made


def moved(registry: RegistryFolder, model: str, named: dict[str, str] | None = None) -> ModelMove:
    use = ModelUse(VERSION, "hello:1.0.0", model, "edges.ask")
    found = [Affected(KNOWN[model.rsplit("/", 1)[-1]], use)]
    catalogue = load_catalogue(registry_tree(registry.root))
    (move,) = moves(found, catalogue, KNOWN, named or {}, UNTIL)
    return move


@pytest.mark.parametrize(
    ("model", "named", "successor"),
    [
        ("old", {}, "new"),
        ("maker/old", {}, "maker/new"),
        ("older", {}, "new"),  # its own successor retires, too
        ("last", {}, "fine"),  # that one is asked for years yet
        ("old", {"old": "mine"}, "mine"),
        ("maker/old", {"old": "mine"}, "maker/mine"),
        ("maker/old", {"maker/old": "other/mine"}, "other/mine"),
        ("lonely", {"lonely": "mine"}, "mine"),
    ],
)
def test_the_successor(
    registry: RegistryFolder, model: str, named: dict[str, str], successor: str
) -> None:
    move = moved(registry, model, named)
    assert (move.reference, dict(move.models), move.without) == (
        "hello:1.0.0",
        {model: successor},
        (),
    )


@pytest.mark.parametrize(
    ("model", "named", "why"),
    [
        ("lonely", {}, "no successor of lonely is named"),
        ("round", {}, "lead nowhere"),
        ("old", {"old": "lonely"}, r"its successor lonely retires, too"),
        ("old", {"old": "two words"}, "no successor of old is named"),
        ("x\nSuccessor-Of: y/old", {}, "is not written as a model's name"),
    ],
)
def test_none(registry: RegistryFolder, model: str, named: dict[str, str], why: str) -> None:
    move = moved(registry, model, named)
    assert not move.models
    assert why in move.without[0]


def test_an_older_version_stays(registry: RegistryFolder) -> None:
    use = ModelUse(VERSION, "hello:0.9.0", "old", "edges.ask")
    catalogue = load_catalogue(registry_tree(registry.root))
    assert moves([Affected(KNOWN["old"], use)], catalogue, KNOWN, {}, UNTIL) == []

"""The JavaScript SDK's search: the catalogue's own, over the table of queries that the site and Python answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sdk.javascript_sdk import compiled, node
from tests.site.search.registry import everything, write
from tests.site.search.test_queries import FILTERS, FIRST, pythons

ORDERS = ("updated", "downloads", "rating", "score", "name")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(everything(), tmp_path_factory.mktemp("index"))


def found(folder: Path, asked: list[tuple[str, str]]) -> list[list[str]]:
    """The first names for each (query, order)."""
    script = str(Path(__file__).parent / "javascript/search.mjs")
    dist = (compiled() / "dist").as_uri()
    done = node(script, dist, str(folder), cwd=compiled(), given=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    names: list[list[str]] = json.loads(done.stdout)
    return names


def test_it_finds_what_python_finds_in_the_same_order(folder: Path) -> None:
    asked = [(query, "") for query, _ in (*FIRST, *FILTERS)]
    asked += [("tag:nlp", order) for order in ORDERS]
    answers = found(folder, asked)
    assert [names[0] for names in answers[: len(FIRST)]] == [first for _, first in FIRST]
    for pair, names in zip(asked, answers, strict=True):
        assert names == pythons(folder, *pair)["names"], pair

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.resolver.latest import latest
from registry_tool.resolver.version import parse
from tests.resolver.test_version import VERSIONS


@given(st.lists(VERSIONS, min_size=1, unique=True))
def test_latest_is_a_release_where_there_is_one(versions: list[str]) -> None:
    chosen = latest(versions)
    releases = [v for v in versions if "-" not in v]
    assert chosen == max(releases or versions, key=parse)


def test_a_yanked_version_is_the_last_resort() -> None:
    assert latest(["1.0.0", "2.0.0"], {"2.0.0"}) == "1.0.0"
    assert latest(["2.0.0"], {"2.0.0"}) == "2.0.0"
    assert latest(["1.9.0", "1.10.0"]) == "1.10.0"


@given(st.lists(VERSIONS, min_size=1, unique=True), st.data())
def test_a_yanked_version_never_hides_another(versions: list[str], data: st.DataObject) -> None:
    yanked = set(data.draw(st.lists(st.sampled_from(versions), unique=True)))
    kept = [version for version in versions if version not in yanked]
    assert latest(versions, yanked) == latest(kept or versions)


@given(st.lists(VERSIONS, min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_publication_does_not_matter(
    versions: list[str], chance: random.Random
) -> None:
    mixed = list(versions)
    chance.shuffle(mixed)
    assert latest(mixed) == latest(versions)


def test_no_versions_have_no_latest() -> None:
    with pytest.raises(ValueError, match="empty"):
        latest([])

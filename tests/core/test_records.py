"""Records behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from registry_tool.core.records import Record, field


class Place(Record, frozen=True):
    """Three members, one without a default."""

    name: str
    size: int = 0
    tags: dict[str, int] = field(default_factory=dict)


class Town(Place, frozen=True):
    """One more member."""

    mayor: str = ""


class Named(Record, frozen=True):
    """Hashable members only."""

    name: str


def test_the_functions_of_dataclasses_take_records() -> None:
    place = Place("a", tags={"x": 1})
    assert dataclasses.replace(place, size=2) == Place("a", 2, {"x": 1})
    assert dataclasses.asdict(place) == {"name": "a", "size": 0, "tags": {"x": 1}}
    assert dataclasses.is_dataclass(Place)
    assert [one.name for one in dataclasses.fields(Place)] == ["name", "size", "tags"]
    assert [one.name for one in dataclasses.fields(Town)] == ["name", "size", "tags", "mayor"]
    assert dataclasses.replace(Town("b"), mayor="c") == Town("b", mayor="c")
    with pytest.raises(TypeError, match="colour"):
        dataclasses.replace(place, colour="red")


def test_a_record_does_not_change_and_is_equal_by_its_class_and_members() -> None:
    with pytest.raises(AttributeError):
        Place("a").name = "b"  # type: ignore[misc]
    assert Named("a") == Named("a") != Named("b")
    assert Place("a") != Town("a")
    assert len({Named("a"), Named("a")}) == 1
    assert repr(Named("a")) == "Named(name='a')"
    assert Place("a").tags is not Place("a").tags


def test_a_record_is_copied_and_pickled() -> None:
    place = Place("a", 3, {"x": 1})
    assert copy.deepcopy(place) == place == pickle.loads(pickle.dumps(place))  # noqa: S301

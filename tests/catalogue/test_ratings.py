from __future__ import annotations

import pytest

from registry_tool.catalogue.ratings import downloads_by_name, rating_of, workflow_of_file


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("greet-1.0.0.wfpkg", "greet"),
        ("text-2-speech-10.2.0-rc.1.wfpkg", "text-2-speech"),
        ("greet-1.0.0-rc-2.0.0.wfpkg", "greet"),
        ("greet-1.0.wfpkg", ""),
        ("Greet-1.0.0.wfpkg", ""),
        ("1.0.0.wfpkg", ""),
        ("greet-1.0.0.zip", ""),
        ("", ""),
    ],
)
def test_whose_package_a_file_is(file: str, name: str) -> None:
    assert workflow_of_file(file) == name


def test_versions_count_together() -> None:
    files = {"greet-1.0.0.wfpkg": 3, "greet-1.1.0.wfpkg": 4, "notes.txt": 9}
    assert downloads_by_name(files) == {"greet": 7}


@pytest.mark.parametrize(
    ("reactions", "rating"),
    [
        ({}, None),
        ({"THUMBS_UP": 2}, None),
        ({"THUMBS_UP": 3}, 5.0),
        ({"THUMBS_UP": 2, "THUMBS_DOWN": 1}, 3.7),
        ({"THUMBS_UP": 1, "CONFUSED": 1, "THUMBS_DOWN": 1, "EYES": 90}, 2.7),
        ({"EYES": 50}, None),
    ],
)
def test_a_rating_is_the_mean_of_enough_votes(
    reactions: dict[str, int], rating: float | None
) -> None:
    assert rating_of(reactions) == rating

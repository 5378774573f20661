"""Pictures that a model is shown: what is one, where it stands, and what is refused."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.images import (
    LARGEST_IMAGE,
    LARGEST_IMAGES,
    images_of,
    with_images,
)
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.models.base import Message
from registry_tool.engine.providers.models.prompt_image import PromptImage
from tests.security.scanning.files import png

PNG = png()
DATA = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.fixture
def services(tmp_path: Path) -> Services:
    (tmp_path / "photo.png").write_bytes(PNG)
    (tmp_path / "photo.txt").write_text("no picture")
    (tmp_path / "half.png").write_bytes(PNG[:-6])
    (tmp_path / "joined.png").write_bytes(PNG + b"PK\x03\x04 an archive behind it")
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(LARGEST_IMAGE + 1)
    with (tmp_path / "large.png").open("wb") as large:
        large.write(PNG)
        large.truncate(LARGEST_IMAGE)
    return Services(resources=tmp_path)


@pytest.mark.parametrize(
    "named",
    [
        "photo.png",
        "resources/photo.png",
        {"path": "photo.png"},
        [["photo.png"], None, ""],
        DATA,
        DATA.replace("data:image", "DATA:image"),
        "joined.png",
    ],
)
def test_a_picture_is_shown_whole_and_with_nothing_behind_it(
    services: Services, named: Value
) -> None:
    assert images_of(named, services) == (PromptImage("image/png", PNG),)


def test_where_none_is_named_none_is_shown(services: Services) -> None:
    assert images_of([None, "", [], {}], services) == ()


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("https://example.com/photo.png", "at an address"),
        ("file:///etc/passwd", "at an address"),
        ("../photo.png", "not the path of a file below resources/"),
        ("I am\na text", "not the path of a file below resources/"),
        ({"url": "https://example.com/photo.png"}, "names no picture"),
        (["photo.png", 5], "names no picture"),
        ("none.png", "no such file"),
        ("photo.txt", "not a PNG"),
        ("half.png", "truncated"),
        ("huge.png", "larger than 8 MiB"),
        (["large.png"] * 3, "16 MiB together"),
        (["photo.png"] * 17, "more than 16"),
        ("data:image/png,abc", "not a picture in base64"),
        ("data:image/png;base64,%%%", "base64 is not valid"),
        (DATA.replace("image/png", "image/gif"), "bytes are image/png"),
        ("data:image/png;base64," + "A" * (LARGEST_IMAGE * 2), "larger than 8 MiB"),
    ],
)
def test_what_can_not_be_shown_is_refused_by_name(
    services: Services, named: Value, reason: str
) -> None:
    assert LARGEST_IMAGES < 3 * LARGEST_IMAGE
    with pytest.raises(EdgeError, match=reason) as caught:
        images_of(named, services)
    assert len(caught.value.location) < 100
    assert "\n" not in caught.value.location
    assert caught.value.hint


def test_pictures_stand_in_the_users_last_message() -> None:
    image = (PromptImage("image/png", PNG),)
    system, user = Message("system", "s"), Message("user", "u")
    assert with_images([system, user], image) == [system, Message("user", "u", image)]
    assert with_images([user, system], image) == [user, system, Message("user", "", image)]
    assert with_images([user], ()) == [user]

"""Pictures for a model: files below `resources/` and `data:` addresses, whole and bounded.

A picture is what its bytes are, whatever its name or address says. No address on the web is taken: a server that
followed one would be led there by whoever wrote it, and no recorded answer would say what was shown.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from registry_tool.core.files import unsafe_path
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.resource_files import paths_in, resource_file
from registry_tool.engine.providers.models.base import Message
from registry_tool.engine.providers.models.prompt_image import PromptImage, whole_image
from registry_tool.security.scanning.pictures import read_picture

MOST_IMAGES: Final = 16
LARGEST_IMAGE: Final = 8 * 2**20
"""Bytes of one picture."""
LARGEST_IMAGES: Final = 16 * 2**20
"""Bytes of all pictures of a question."""
_DATA: Final = re.compile(r"data:(?P<type>[a-z]+/[a-z0-9.+-]+);base64,", re.IGNORECASE)
_SHOWN: Final = 64  # characters of a name in an error


def images_of(value: Value, services: Services) -> tuple[PromptImage, ...]:
    """The pictures that an expanded `images` names, in order; `EdgeError` names the one that can't be shown."""
    names = list(_names(value))
    if len(names) > MOST_IMAGES:
        raise _refused(f"{len(names)} pictures are more than {MOST_IMAGES}", "images", "give fewer")
    images = []
    left = LARGEST_IMAGES
    for name in names:
        data = _bytes(name, services)
        left -= len(data)
        if left < 0:
            raise _refused(
                f"the pictures have more than {LARGEST_IMAGES // 2**20} MiB together",
                "images",
                "give fewer or smaller ones",
            )
        images.append(_image(name, data))
    return tuple(images)


def with_images(messages: Sequence[Message], images: tuple[PromptImage, ...]) -> list[Message]:
    """The messages with pictures in the last one, which is the user's; one more where it is not."""
    if not images:
        return list(messages)
    if messages and messages[-1].role == "user":
        return [*messages[:-1], replace(messages[-1], images=images)]
    return [*messages, Message("user", "", images)]


def _names(value: Value) -> Iterator[str]:
    """What a value names. Only an empty one names nothing: a model would answer without the picture, too."""
    if value is None or value in ("", [], {}):
        return
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
        return
    names = list(paths_in(value))
    if not names:
        raise _refused(
            "names no picture",
            json.dumps(value, ensure_ascii=False),
            "give the path of a file below resources/, {path: …}, or data:image/png;base64,…",
        )
    yield from names


def _bytes(name: str, services: Services) -> bytes:
    if name[:5].lower() == "data:":
        return _inline(name)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", name):
        raise _refused(
            "a picture at an address is not shown to a model",
            name,
            "give its bytes as data:image/png;base64,…, or the path of a file below resources/",
        )
    file = _file(name, services)
    if file.stat().st_size > LARGEST_IMAGE:
        raise _too_large(name)
    return file.read_bytes()


def _file(name: str, services: Services) -> Path:
    try:
        return resource_file(services, name)
    except EdgeError as error:
        stray = unsafe_path(name.removeprefix("resources/"))
        reason = "not the path of a file below resources/" if stray else error.reason
        hint = "put the file below resources/, or give its bytes as data:image/png;base64,…"
        raise _refused(reason, name, hint) from None


def _inline(address: str) -> bytes:
    found = _DATA.match(address)
    if found is None:
        raise _refused("not a picture in base64", address, "write data:image/png;base64,…")
    if (len(address) - found.end()) // 4 * 3 > LARGEST_IMAGE + 3:
        raise _too_large(address)
    try:
        return base64.b64decode(address[found.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise _refused("its base64 is not valid", address, "encode the file again") from None


def _image(name: str, data: bytes) -> PromptImage:
    if len(data) > LARGEST_IMAGE:
        raise _too_large(name)
    image = whole_image(data)
    if image is None and (broken := read_picture(data)):
        raise _refused(f"the {broken.kind} is truncated", name, "give the whole file")
    if image is None:
        raise _refused("not a PNG, JPEG, GIF or WebP picture", name, "save it as one of these")
    media_type = image.media_type
    said = _DATA.match(name)
    if said and said["type"].lower() not in {media_type, media_type.replace("jpeg", "jpg")}:
        raise _refused(f"its bytes are {media_type}", name, f"write data:{media_type};base64,…")
    return image


def _too_large(name: str) -> EdgeError:
    return _refused(
        f"the picture is larger than {LARGEST_IMAGE // 2**20} MiB", name, "make it smaller"
    )


def _refused(reason: str, name: str, hint: str) -> EdgeError:
    line = " ".join(name[:_SHOWN].split())
    shown = line if len(name) <= _SHOWN else f"{line}…"
    return EdgeError(reason, location=f"config.images: {shown}", hint=hint)

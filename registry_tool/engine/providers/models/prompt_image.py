"""A picture that a message shows to a model, and how many tokens servers count for one."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.security.scanning.pictures import read_picture

_MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WebP": "image/webp",
}
USUAL_TOKENS: Final = 1_600
"""What most servers count for a picture of a usual size, rounded up."""
MOST_TOKENS: Final = 49_152
"""More than any of them counts: gpt-4o-mini takes 2,833 and 5,667 for each of up to eight tiles."""


class PromptImage(Record, frozen=True):
    """The bytes of a whole PNG, JPEG, GIF or WebP, and its media type."""

    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of the bytes."""
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"

    def url(self) -> str:
        """All of it as a `data:` address."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"

    def to_value(self) -> Object:
        """What is recorded of it: never its bytes."""
        return {"media_type": self.media_type, "bytes": len(self.data), "digest": self.digest}


def whole_image(data: bytes) -> PromptImage | None:
    """The picture that some bytes begin with, without what lies behind it; None for none, or a part of one."""
    picture = read_picture(data)
    if picture is None or not picture.end:
        return None
    return PromptImage(_MEDIA_TYPES[picture.kind], data[: picture.end])

from __future__ import annotations

import hashlib

from registry_tool.engine.providers.models.prompt_image import PromptImage, whole_image
from tests.security.scanning.files import png


def test_what_is_recorded_of_a_picture_holds_none_of_its_bytes() -> None:
    image = PromptImage("image/png", b"abc")
    digest = f"sha256:{hashlib.sha256(b'abc').hexdigest()}"
    assert image.to_value() == {"media_type": "image/png", "bytes": 3, "digest": digest}
    assert image.url() == "data:image/png;base64,YWJj"


def test_a_whole_picture_is_taken_and_what_lies_behind_it_is_not() -> None:
    assert whole_image(png() + b"more") == PromptImage("image/png", png())
    assert whole_image(png()[:-1]) is None
    assert whole_image(b"a text") is None

"""What a registry's index says is checked before anything is made of it."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.api.documents import summed
from registry_tool.core.errors import RegistryError
from registry_tool.sources.index_documents import read_candidate, read_page

DIGEST = f"sha256:{'0' * 64}"
LINE: dict[str, Any] = {
    "name": "hello",
    "version": "1.0.0",
    "digest": DIGEST,
    "yanked": False,
    "requires": [{"name": "other", "range": "^1.0", "registry": "public"}],
}
PAGE: dict[str, Any] = {
    "workflows": [
        {"name": "hello", "version": "1.0.0", "description": "", "category": "text", "tags": ["a"]}
    ],
    "pagination": {"next": None},
}


def test_a_line() -> None:
    found = read_candidate("hello", summed(LINE), "here")
    assert (found.version, found.requires[0].range) == ("1.0.0", "^1.0")


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"version": v}
            for v in ("", "1", "v1.0.0", "../../x", "1.0.0\n::error::", 1, None, ["1"])
        ),
        *({"digest": d} for d in ("", "md5:0", "sha256:zz", DIGEST + "\n", "x" * 10**6, 1)),
        {"name": "other"},
        {"requires": "x"},
        {"requires": [1]},
        {"requires": [{}]},
        {"requires": [{"name": "../x", "range": "*", "registry": "public"}]},
        {"requires": [{"name": "other", "range": "(a+)+$", "registry": "public"}]},
        {"requires": [{"name": "other", "range": "*", "registry": "\x1b[31m"}]},
        {"notice": 1},
        {"notice": []},
        {"notice": {"level": "warn"}},
        {"notice": {"reason": 1, "level": "warn"}},
        {"notice": {"reason": "", "level": "evil"}},
    ],
)
def test_a_damaged_line_is_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(RegistryError) as error:
        read_candidate("hello", summed({**LINE, **wrong}), "here")
    assert "the index of hello is damaged" in error.value.reason
    assert len(error.value.reason) < 400


def test_a_page() -> None:
    assert read_page(PAGE, "here") == (PAGE["workflows"], "")


@pytest.mark.parametrize(
    "wrong",
    [
        *(None, [], {}, {**PAGE, "workflows": [1]}, {**PAGE, "workflows": [{"name": 1}]}),
        {**PAGE, "pagination": {"next": 7}},
    ],
)
def test_a_damaged_page_is_a_sentence(wrong: Any) -> None:
    with pytest.raises(RegistryError) as error:
        read_page(wrong, "here")
    assert "the list of workflows is damaged" in error.value.reason

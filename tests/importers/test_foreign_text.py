"""A foreign file is JSON or YAML, and costs no more than its length."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.foreign_text import parse_foreign


def test_json_and_yaml_are_read_alike_and_dates_stay_texts() -> None:
    assert parse_foreign(b' {"a": [1]}', "f")[0] == parse_foreign(b"a: [1]", "f")[0] == {"a": [1]}
    assert parse_foreign("\ufeffa: 2024-01-31\n1: .nan\nb: 1.5\n".encode(), "f")[0] == {
        "a": "2024-01-31",
        "1": "nan",
        "b": 1.5,
    }


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (b"a: &x [1]\nb: *x\n", "f:2", "alias"),
        (b"a: [1\nb: 2", "f:2:2", "neither JSON nor YAML"),
        (b"a: \xff", "f", "UTF-8"),
        (b"a: " + b"[" * 300 + b"]" * 300, "f:1", "deep"),
        (b"- " * 300 + b"x", "f:1", "deep"),
        (b"a: !!python/object:os.system x", "f:1:4", "neither JSON nor YAML"),
    ],
    ids=["alias", "open", "bytes", "deep-flow", "deep-block", "python"],
)
def test_what_can_not_be_read_is_named(content: bytes, where: str, why: str) -> None:
    with pytest.raises(RegistryError, match=why) as error:
        parse_foreign(content, "f")
    assert error.value.location.startswith(where.split(":", maxsplit=1)[0])
    assert error.value.location == where


@pytest.mark.parametrize("number", ["0x" + "f" * 5000, "1" * 400])
def test_a_number_that_nobody_can_write_down_is_refused(number: str) -> None:
    with pytest.raises(RegistryError, match="300 digits"):
        parse_foreign(f"a: [{number}]\n".encode(), "f.yml")

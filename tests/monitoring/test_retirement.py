from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.monitoring.retirement import (
    FORMAT,
    product_retirements,
    read_retirements,
    retirement_of,
)

ONE = {"model": "old", "retires": "2027-01-01T01:00:00+01:00", "source": "https://example.com"}


def listed(*models: object, form: str = FORMAT) -> bytes:
    return json.dumps({"format": form, "models": models}).encode()


def test_every_date_of_the_products_list_has_its_page() -> None:
    known = product_retirements()
    assert len(known) > 40
    for retirement in known.values():
        assert retirement.source.startswith("https://")
        assert retirement.retires.tzinfo is UTC


def test_a_registrys_own_list_is_read() -> None:
    [found] = read_retirements(listed(ONE), "x").values()
    assert found.retires == datetime(2027, 1, 1, tzinfo=UTC)
    assert found.replacement == ""


def test_maker_and_model_name_the_model() -> None:
    known = read_retirements(listed(ONE), "x")
    assert retirement_of("maker/old", known) is retirement_of("old", known) is known["old"]
    assert retirement_of("older", known) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[]", "not a list of models"),
        (b"{", "not JSON"),
        (listed(ONE, form="v0"), "its format is not"),
        (listed({**ONE, "retires": "soon"}), "isoformat"),
        (listed({**ONE, "retires": "2027-01-01"}), "names no time zone"),
        (listed({**ONE, "source": ""}), "are texts"),
        (listed({"model": "x"}), "source"),
        (listed(7), "not a list of models"),
    ],
)
def test_what_is_no_list_is_reported(data: bytes, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason):
        read_retirements(data, "registry/model-retirements.json")

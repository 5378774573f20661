from __future__ import annotations

from decimal import Decimal

import pytest

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.resources import allocate, amount
from registry_tool.manifest.model import Requirements

PRODUCTION = EnvironmentSettings(
    "production",
    runners={"standard": "ubuntu-latest", "large": "big-box"},
    limits={"memory": "2Gi", "storage": "10Gi", "timeout": "5m"},
)


@pytest.mark.parametrize(
    ("quantity", "number"),
    [("1", 1), ("2Gi", 2 * 2**30), ("500m", Decimal("0.5")), ("1.5M", 1_500_000), ("1Ki", 1024)],
)
def test_quantities(quantity: str, number: Decimal) -> None:
    assert amount(quantity) == number


def test_what_is_no_quantity() -> None:
    with pytest.raises(ValueError, match="is not a quantity"):
        amount("2 gigs")


def test_a_class_gets_its_runner_and_limits_fill_in() -> None:
    given = allocate(Requirements(compute="large", memory="1Gi"), PRODUCTION)
    assert given == {
        "compute": "large",
        "memory": "1Gi",
        "storage": "10Gi",
        "timeout": "5m",
        "runner": "big-box",
    }


def test_without_classes_githubs_own_runner_does_all() -> None:
    assert allocate(Requirements(compute="large"), EnvironmentSettings("x")) == {
        "compute": "large",
        "runner": "ubuntu-latest",
    }
    assert allocate(Requirements(), PRODUCTION)["runner"] == "ubuntu-latest"
    own = EnvironmentSettings("x", runners={"standard": "mine"})
    assert allocate(Requirements(), own)["runner"] == "mine"


@pytest.mark.parametrize(
    ("needs", "reason", "hint"),
    [
        (Requirements(compute="gpu"), "class 'gpu', and production has standard, large", "runners"),
        (
            Requirements(memory="3Gi"),
            "3Gi of memory, and production gives at most 2Gi",
            "limits.memory",
        ),
        (Requirements(storage="1Ti"), "1Ti of storage", "limits.storage"),
        (Requirements(timeout="1h"), "1h of timeout", "limits.timeout"),
    ],
)
def test_what_an_environment_cannot_give(needs: Requirements, reason: str, hint: str) -> None:
    with pytest.raises(RegistryError) as caught:
        allocate(needs, PRODUCTION)
    assert reason in caught.value.reason
    assert hint in caught.value.hint

"""Which root is pinned: a program's own, else that of settings and of the lock, which must be one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.security.tuf import pin
from registry_tool.security.tuf.pin import pin_of
from registry_tool.sources.api_reader import ApiReader
from registry_tool.sources.configuration.choice import Origin, RegistryChoice
from registry_tool.sources.configuration.named import NamedRegistry
from registry_tool.sources.roots import pin_for

SAID, LOCKED = str(pin_of(2, b"said")), str(pin_of(1, b"locked"))
ACME = NamedRegistry("acme", "https://acme.example")
OTHER = NamedRegistry("other", "https://other.example")


def locked(project: Path, **roots: str) -> Path:
    lock = {"format": "puppyai.com/lock/v1", "workflows": {}, "roots": roots}
    (project / "workflow.lock").write_text(json.dumps(lock))
    return project


def test_a_root_is_of_settings_or_the_lock(tmp_path: Path) -> None:
    said = RegistryChoice((ACME,), roots={"acme": SAID}, project=tmp_path)
    assert str(pin_for(ACME, said)) == SAID
    locked(tmp_path, public=LOCKED)
    assert str(pin_for(ACME, RegistryChoice((ACME,), project=tmp_path))) == LOCKED
    both = RegistryChoice((ACME,), roots={"acme": LOCKED}, project=tmp_path)
    assert str(pin_for(ACME, both)) == LOCKED


def test_two_different_roots_are_refused_with_both_places(tmp_path: Path) -> None:
    choice = RegistryChoice((ACME,), roots={"acme": SAID}, project=locked(tmp_path, public=LOCKED))
    with pytest.raises(UsageError, match="two different roots are pinned") as raised:
        pin_for(ACME, choice)
    assert f"{LOCKED} here (roots.public), {SAID} in settings (roots.acme)" in str(raised.value)
    assert raised.value.location == str(tmp_path / "workflow.lock")
    assert "puppy-cli config unset roots.acme" in raised.value.hint


def test_a_named_registry_or_a_programs_root_is_not_the_locks(tmp_path: Path) -> None:
    choice = RegistryChoice((ACME,), roots={"acme": SAID}, project=locked(tmp_path, public=LOCKED))
    assert str(pin_for(ACME, replace(choice, origin=Origin.OPTION))) == SAID
    own = str(pin_of(3, b"own"))
    assert str(pin_for(ACME, replace(choice, given_root=own))) == own
    locked(tmp_path, acme=LOCKED)
    with pytest.raises(UsageError, match="two different roots"):
        pin_for(ACME, replace(choice, origin=Origin.OPTION))


@pytest.mark.parametrize(
    "spelt",
    [
        ACME.location,
        "https://ACME.example/",
        "http://acme.example",
        "https://u:p@acme.example:443//",
    ],
)
def test_an_address_without_a_name_is_the_registry_that_has_one(tmp_path: Path, spelt: str) -> None:
    unnamed = NamedRegistry("public", spelt)
    choice = RegistryChoice(
        (unnamed,), named={"acme": ACME}, roots={"acme": SAID}, project=tmp_path
    )
    assert str(pin_for(unnamed, choice)) == SAID


def test_of_several_registries_a_lock_names_each(tmp_path: Path) -> None:
    choice = RegistryChoice((ACME, OTHER), project=locked(tmp_path, other=LOCKED))
    assert pin_for(ACME, choice) is None
    assert str(pin_for(OTHER, choice)) == LOCKED


def test_a_lock_that_pins_something_else_is_named(tmp_path: Path) -> None:
    choice = RegistryChoice((ACME,), project=locked(tmp_path, public="sha256:1"))
    with pytest.raises(UsageError, match="not a pinned root") as raised:
        pin_for(ACME, choice)
    assert raised.value.location == str(tmp_path / "workflow.lock")


def test_without_the_library_nothing_is_read_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pin, "has_library", lambda: False)
    reader = ApiReader(str(tmp_path), pin=pin_of(1, b"root"))
    for ask in (lambda: reader.versions("hello"), reader.summaries):
        with pytest.raises(MissingToolError, match=r"can't be checked") as raised:
            ask()
        assert "[trust]" in raised.value.hint

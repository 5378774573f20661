"""Which app people log in by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.catalogue.model import LoginSettings
from registry_tool.commands.account.client_id import app_of
from registry_tool.commands.account.forge_server import forge_server
from registry_tool.core.errors import UsageError
from tests.conftest import REGISTRY, RegistryFolder
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import stand_in

LOGIN = "login: { client_id: Ov23liOfTheRegistry, scope: repo }\n"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    (made.root / "registry/registry.yaml").write_text(REGISTRY + LOGIN)
    made.commit("Let people log in")
    return made


def test_the_registrys_own(registry: RegistryFolder) -> None:
    found = app_of(forge_server("", {}), str(registry.root), "", "", {})
    assert found == LoginSettings("Ov23liOfTheRegistry", "repo")


def test_what_is_named_comes_first(registry: RegistryFolder) -> None:
    server, place = forge_server("", {}), str(registry.root)
    environ = {"PUPPY_CLIENT_ID": "of-environment"}
    assert app_of(server, place, "", "", environ) == LoginSettings("of-environment", "repo")
    assert app_of(server, place, "named", "gist", environ) == LoginSettings("named", "gist")


def test_a_registry_on_the_forge_is_asked_as_nobody(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    with stand_in(tmp_path) as forge:
        forge.repositories["ada/registry"] = Repository("ada/registry", registry.root, {"ada"})
        server = forge_server("", forge.environment())
        assert app_of(server, "ada/registry", "", "", {}).client_id == "Ov23liOfTheRegistry"
        with pytest.raises(UsageError, match="no app is known"):
            app_of(server, "ada/other", "", "", {})
        assert forge.seen == {""}


def test_without_any_the_other_way_in_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        app_of(forge_server("", {}), str(tmp_path), "", "", {})
    assert "--token-stdin" in refused.value.hint

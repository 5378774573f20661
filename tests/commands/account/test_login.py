"""Logging in, out and asking who one is, against a forge that remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.commands.account.forge_server import ForgeServer, forge_server
from registry_tool.commands.account.login import login, token_by_code, who_am_i
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.forge.github.device_flow import DeviceCode
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import Account
from registry_tool.forge.tokens.found import TokenStore
from registry_tool.forge.tokens.token_file import TokenFiles
from tests.forge.fault_server import Naps
from tests.forge.stand_in.login import CLIENT
from tests.forge.stand_in.server import Fault, Person, StandIn, stand_in

SECRET = "gho_0123456789abcdefghij"


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path) as running:
        running.people[SECRET] = Person("ada", 1001, "public_repo, read:org")
        running.codes.page = f"{running.address}/login/device"
        yield running


@pytest.fixture
def server(forge: StandIn) -> ForgeServer:
    return forge_server("", forge.environment())


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore({}, TokenFiles(tmp_path / "data"), lambda: None)


def quick(naps: Naps) -> Pace:
    return Pace(naps.clock, naps.sleep, lambda: 0.5)


def test_a_token_that_works_is_kept(forge: StandIn, server: ForgeServer, store: TokenStore) -> None:
    found = login(store, server, f"{SECRET}\n")
    assert found.account == Account("ada", 1001, ("public_repo", "read:org"))
    assert found.token.host == forge.host
    result = who_am_i(store, server).to_value()
    assert result == {
        "host": forge.host,
        "login": "ada",
        "id": 1001,
        "scopes": ["public_repo", "read:org"],
        "expires": None,
        "source": f"the file {store.files.path(forge.host)}",
    }


def test_a_token_that_does_not_work_is_not_kept(server: ForgeServer, store: TokenStore) -> None:
    with pytest.raises(RegistryError, match="doesn't accept the token") as refused:
        login(store, server, "gho_wrongwrongwrong")
    assert "wrongwrong" not in str(refused.value)
    assert store.find(server.host) is None


def test_a_refusal_that_repeats_the_token_is_shown_without_it(
    forge: StandIn, server: ForgeServer, store: TokenStore
) -> None:
    forge.fault = lambda method, path: Fault(400, {"message": f"what is {SECRET}?"})
    with pytest.raises(RegistryError, match=r"what is \[TOKEN\]\?") as refused:
        login(store, server, SECRET)
    assert SECRET not in str(refused.value)


def test_an_apps_token_is_no_persons(
    forge: StandIn, server: ForgeServer, store: TokenStore
) -> None:
    forge.fault = lambda method, path: Fault(403, {"message": "Resource not accessible"})
    found = login(store, server, SECRET)
    assert found.account is None
    assert found.to_value()["login"] is None


def test_who_is_not_logged_in_is_shown_how(server: ForgeServer, store: TokenStore) -> None:
    with pytest.raises(UsageError, match="nobody is logged in"):
        who_am_i(store, server)


def test_another_hosts_token_is_not_sent(
    forge: StandIn, server: ForgeServer, store: TokenStore
) -> None:
    store.files.write("github.com", SECRET)
    with pytest.raises(UsageError):
        who_am_i(store, server)
    assert forge.seen == set()


def test_a_code_is_typed_on_the_page(forge: StandIn, server: ForgeServer) -> None:
    naps, shown = Naps(), list[DeviceCode]()
    forge.codes.replies = [
        {"error": "authorization_pending"},
        {"error": "slow_down", "interval": 10},
        {"access_token": SECRET, "token_type": "bearer", "scope": "public_repo"},
    ]
    secret = token_by_code(server, CLIENT, "public_repo", shown.append, quick(naps))
    assert secret == SECRET
    assert (shown[0].user_code, shown[0].page) == ("WDJB-MJHT", f"{forge.address}/login/device")
    assert naps.slept == [5.0, 5.0, 10.0]
    assert [form.get("scope") for form in forge.codes.asked] == ["public_repo", None, None, None]
    assert forge.codes.asked[1]["device_code"] not in repr(shown[0])

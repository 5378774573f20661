"""Logging in by a code: every way it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.device_flow import DeviceFlow
from registry_tool.forge.github.rate_limits import Pace
from tests.forge.fault_server import Naps
from tests.forge.stand_in.login import CLIENT
from tests.forge.stand_in.server import Fault, StandIn, stand_in

TOKEN = {"access_token": "gho_0123456789abcdefghij"}


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path) as running:
        running.codes.page = f"{running.address}/login/device"
        yield running


def flow(forge: StandIn, naps: Naps, client: str = CLIENT) -> DeviceFlow:
    return DeviceFlow(forge.address, client, Pace(naps.clock, naps.sleep, lambda: 0.5))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("access_denied", "refused on the page"),
        ("expired_token", "has expired"),
        ("incorrect_device_code", "the forge refused"),
        ("unsupported_grant_type", "the forge refused"),
    ],
)
def test_how_it_ends_without_a_token(forge: StandIn, naps: Naps, error: str, reason: str) -> None:
    forge.codes.replies = [{"error": "authorization_pending"}, {"error": error}]
    asking = flow(forge, naps)
    with pytest.raises(RegistryError, match=reason) as refused:
        asking.wait(asking.start("public_repo"))
    assert "puppy-cli login" in refused.value.hint


def test_nobody_types_the_code(forge: StandIn, naps: Naps) -> None:
    asking = flow(forge, naps)
    with pytest.raises(RegistryError, match="has expired"):
        asking.wait(asking.start("public_repo"))
    assert 900 <= naps.now < 910


def test_an_unknown_app(forge: StandIn, naps: Naps) -> None:
    with pytest.raises(RegistryError, match="no app with this client id"):
        flow(forge, naps, "Ov23liOther").start("public_repo")


def test_an_app_that_allows_no_codes(forge: StandIn, naps: Naps) -> None:
    forge.codes.start = {"error": "device_flow_disabled"}
    with pytest.raises(RegistryError, match="doesn't allow") as refused:
        flow(forge, naps).start("public_repo")
    assert "Enable Device Flow" in refused.value.hint


@pytest.mark.parametrize(
    "page", ["https://evil.example/login", "http://127.0.0.1:1/x", "javascript:alert(1)", ""]
)
def test_a_page_elsewhere_is_never_shown(forge: StandIn, naps: Naps, page: str) -> None:
    forge.codes.page = page
    with pytest.raises(RegistryError, match="another site"):
        flow(forge, naps).start("public_repo")


def test_a_code_that_would_move_the_cursor_is_not_shown(forge: StandIn, naps: Naps) -> None:
    forge.codes.start = {"user_code": "\x1b[2J"}
    with pytest.raises(RegistryError, match="no code to type"):
        flow(forge, naps).start("public_repo")


def test_a_line_that_is_cut_and_a_server_that_is_down_cost_nothing(
    forge: StandIn, naps: Naps
) -> None:
    forge.codes.replies = [TOKEN]
    asking = flow(forge, naps)
    code, output = asking.start("public_repo"), list[str]()
    faults = [Fault(), Fault(503, {}), Fault(429, {})]
    forge.fault = lambda method, path: faults.pop(0) if faults else None
    assert asking.wait(code, output.append) == TOKEN["access_token"]
    assert len(output) == 3


@pytest.mark.parametrize("expected", [{"interval": 0}, {"interval": 10**6}, {"expires_in": 10**9}])
def test_a_forge_neither_hurries_nor_holds_anybody_for_ever(
    forge: StandIn, naps: Naps, expected: dict[str, int]
) -> None:
    forge.codes.start = dict(expected)
    code = flow(forge, naps).start("public_repo")
    assert 1 <= code.interval <= 60
    assert code.seconds <= 900

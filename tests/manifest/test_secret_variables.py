"""The variable of a secret's value for one host."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import ExternalApi
from registry_tool.manifest.secret_variables import (
    may_carry_secrets,
    secret_variable,
    variable_for,
    variables_of,
)


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("https://api.example.com/x?y", "TOKEN__API_EXAMPLE_COM"),
        ("https://API.example.com.:443/", "TOKEN__API_EXAMPLE_COM"),
        ("https://api-example.com", "TOKEN__API__H__EXAMPLE_COM"),
        ("https://api_example.com", "TOKEN__API__U__EXAMPLE_COM"),
        ("https://api.example.com:8443", "TOKEN__API_EXAMPLE_COM__P__8443"),
        ("https://api.example.com:80", "TOKEN__API_EXAMPLE_COM__P__80"),
        ("http://localhost:8080", "TOKEN__LOCALHOST__P__8080"),
        ("http://127.0.0.1", "TOKEN__127_0_0_1"),
        ("http://[::1]:8080/", "TOKEN____C____C__1__P__8080"),
        ("https://münchen.de", "TOKEN__XN__H____H__MNCHEN__H__3YA_DE"),
    ],
)
def test_an_address_has_one_variable(url: str, variable: str) -> None:
    assert variable_for("TOKEN", url) == variable


@settings(max_examples=30)
@given(st.text(max_size=20))
def test_it_is_a_name_that_every_shell_takes(host: str) -> None:
    assert re.fullmatch(r"TOKEN__[A-Z0-9_]*", secret_variable("TOKEN", host, 8443))


def test_no_two_secrets_hosts_and_ports_share_one() -> None:
    """Every short name (of what spellings are made of) with every short host, with and without a port."""
    seen: dict[str, tuple[str, str, int | None]] = {}
    names = ["A" + "".join(rest) for n in range(5) for rest in product("HP_", repeat=n)]
    hosts = ["".join(host) for n in range(1, 4) for host in product("h.-", repeat=n)]
    for name in names:
        for host, port in product(hosts, (None, 8)):
            try:
                variable = secret_variable(name, host, port)
            except RegistryError:  # the name's own fault: it looks like a spelling
                break
            whole = (name, host, port)
            assert seen.setdefault(variable, whole) == whole


@given(st.lists(st.text("ah.-_:ü", min_size=1, max_size=7), min_size=2, max_size=2, unique=True))
def test_no_two_hosts_share_one(hosts: list[str]) -> None:
    assert secret_variable("T", hosts[0]) != secret_variable("T", hosts[1])


@pytest.mark.parametrize("name", ["TOKEN__H", "TOKEN__API__H", "A__P__B", "A__X2E"])
def test_a_name_that_reads_like_a_host_is_refused(name: str) -> None:
    with pytest.raises(RegistryError, match="reads like a part of a host"):
        secret_variable(name, "bank.com")


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://api.example.com", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]/", True),
        ("http://localhost:8080", True),
        ("http://api.example.com", False),
        ("http://10.0.0.5", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://0.0.0.0", False),
        ("ftp://127.0.0.1", False),
    ],
)
def test_a_secret_goes_encrypted_or_not_away(url: str, may: bool) -> None:
    assert may_carry_secrets(url) is may


def test_a_service_s_secret_has_a_variable_for_each_host() -> None:
    hosts = ("One.example:8443", "*.two.example", "three.example", "three.example:443")
    found = variables_of(ExternalApi("mine", hosts=hosts), "KEY")
    assert found == ("KEY__ONE_EXAMPLE__P__8443", "KEY__THREE_EXAMPLE")
    assert variables_of(ExternalApi("mine"), "KEY") == ("KEY",)
    google = ExternalApi("google", hosts=("www.googleapis.com",))
    assert variables_of(google, "CSE_ID") == ("CSE_ID",)
    assert variables_of(google, "KEY") == ("KEY__WWW_GOOGLEAPIS_COM",)

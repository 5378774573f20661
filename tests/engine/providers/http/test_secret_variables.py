"""The variable of a secret's value for one host."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.providers.http.secret_variables import secret_variable


@pytest.mark.parametrize(
    ("host", "variable"),
    [
        ("api.example.com", "TOKEN__API_EXAMPLE_COM"),
        ("localhost:8080", "TOKEN__LOCALHOST_8080"),
        ("xn--mnchen-3ya.de", "TOKEN__XN__MNCHEN_3YA_DE"),
    ],
)
def test_every_other_character_is_an_underscore(host: str, variable: str) -> None:
    assert secret_variable("TOKEN", host) == variable


@given(st.text(max_size=20))
def test_it_is_a_name_that_every_shell_takes(host: str) -> None:
    assert re.fullmatch(r"TOKEN__[A-Z0-9_]*", secret_variable("TOKEN", host))

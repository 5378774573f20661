"""Which forms get a token."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry_tool.api.openapi.signing_in import EXCHANGE, ID_TOKEN, PATHS

DOCUMENT: Any = PATHS


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ({"grant_type": "refresh_token", "refresh_token": "x"}, True),
        ({"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": ID_TOKEN}, True),
        ({"grant_type": EXCHANGE, "refresh_token": "x"}, False),
        ({"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": "other"}, False),
        ({"grant_type": "password"}, False),
        ({}, False),
    ],
)
def test_a_grant_comes_with_its_token(form: dict[str, str], fits: bool) -> None:
    (content,) = DOCUMENT["/auth/token"]["post"]["requestBody"]["content"].values()
    assert Draft202012Validator(content["schema"]).is_valid(form) is fits

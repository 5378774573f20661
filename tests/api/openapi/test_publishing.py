"""What may be changed of a workflow."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry_tool.api.openapi.publishing import PATHS

DOCUMENT: Any = PATHS


@pytest.mark.parametrize(
    ("edit", "fits"),
    [
        ({"deprecated": None}, True),
        ({"deprecated": {"reason": "old"}}, True),
        ({"notices": {"1.0.0": {"reason": "broken", "level": "block"}}}, True),
        ({"owners": [{"login": "ada", "id": 1}]}, True),
        ({}, False),
        ({"owners": []}, False),
        ({"deprecated": {}}, False),
        ({"versions": {}}, False),
    ],
)
def test_a_change_changes_something_known(edit: dict[str, Any], fits: bool) -> None:
    content = DOCUMENT["/workflows/{name}"]["put"]["requestBody"]["content"]
    assert Draft202012Validator(content["application/json"]["schema"]).is_valid(edit) is fits

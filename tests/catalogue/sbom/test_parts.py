"""What a workflow brings along, found in its manifest alone."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.sbom.parts import CHOSEN, imported, parts_of
from tests.catalogue.sbom.test_document import MANIFEST, subject


def test_a_model_that_the_environment_chooses_is_reported_as_one() -> None:
    found = parts_of(subject(MANIFEST.replace("model: gpt-4o-mini, ", ""))).components[CHOSEN]
    assert found["properties"] == [
        {"name": "puppyai:asked-by-edge", "value": "sum-up"},
        {"name": "puppyai:recorded-answers-by", "value": "SmolLM2"},
    ]


@pytest.mark.parametrize("name", ["chosen-by-the-environment", "=chosen-by-the-environment"])
def test_no_model_takes_the_place_of_what_the_environment_chooses(name: str) -> None:
    found = parts_of(subject(MANIFEST.replace("gpt-4o-mini", f'"{name}"'))).components
    assert CHOSEN not in found
    assert found[f"model:={name}"]["name"] == name


@pytest.mark.parametrize("code", ["def (", "(" * 500, "import a\0b", "x = 1"])
def test_code_that_cant_be_read_imports_nothing(code: str) -> None:
    assert imported(code) == frozenset()

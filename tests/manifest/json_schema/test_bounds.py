"""Schemas refer to nothing but themselves, at every place that takes one; what they cost is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.review.check import check
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object
from registry_tool.manifest.json_schema.bounds import form_problems, parts_of
from registry_tool.manifest.json_schema.misfit import misfit
from tests.manifest.json_schema.strange_schemas import BENIGN


@pytest.mark.parametrize("schema", BENIGN)
def test_own_references_are_followed(schema: Object) -> None:
    assert not list(form_problems(parts_of(schema)))
    misfit("text", schema)


def test_the_registrys_settings_take_no_schema(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    text = "name: Scratch\nschema: { $ref: 'file:///etc/passwd' }\n"
    (tmp_path / "registry/registry.yaml").write_text(text)
    with pytest.raises(FindingsError, match="not known here"):
        check(tmp_path)

"""The API reference says of what form each parameter and field is."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.core.values import Object, Value
from registry_tool.site.pages.reference import reference_files
from registry_tool.site.site import Site


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "string"),
        ({"enum": ["name", "updated"]}, "name | updated"),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Run"}]}, "null | Run"),
        ({"type": "array", "items": {"type": ["integer", "null"]}}, "integer | null[]"),
        ({}, "any"),
    ],
)
def test_a_parameters_form_is_told(schema: Value, kind: str) -> None:
    responses: Object = {"500": {"description": "no"}, "200": {"description": "`it`"}}
    operation: Object = {
        "summary": "Reads",
        "parameters": [{"name": "one", "schema": schema}],
        "responses": responses,
    }
    found = dict(
        reference_files({"paths": {"/x": {"get": operation}}}, Site(RegistrySettings("r")))
    )
    page = found["api/index.html"].decode()
    assert f"<td><code>{kind}</code></td>" in page
    assert page.index("<code>200</code>") < page.index("<code>500</code>")
    assert "<code>it</code>" in page

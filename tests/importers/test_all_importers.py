"""A file says of which format it is, or somebody does."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.all_importers import FORMATS, importer_of
from tests.importers.dify.exports import export, form
from tests.importers.n8n.flows import flow, node


@pytest.mark.parametrize(
    ("value", "format_"),
    [
        (export({"s": form("q")}), "dify"),
        (flow({"t": node("manualTrigger")}), "n8n"),
        ({"blocks": {}, "edges": {}}, "puppyflow"),
        ({"workflow": {"blocks": []}}, "puppyflow"),
    ],
)
def test_a_file_is_recognised(value: Any, format_: str) -> None:
    assert importer_of("", value).format == format_
    assert all(importer_of(name, value).format == name for name in FORMATS)


def test_what_nobody_reads_is_said_with_what_is_read() -> None:
    with pytest.raises(RegistryError, match="Dify, n8n, PuppyFlow"):
        importer_of("", {"nodes": []})
    with pytest.raises(RegistryError, match="no format 'difi'") as error:
        importer_of("difi", {})
    assert "did you mean 'dify'?" in error.value.hint

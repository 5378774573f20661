"""Options that many commands share: inputs as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.cli.options import read_inputs
from registry_tool.core.errors import UsageError
from registry_tool.engine.inputs import input_from_text
from registry_tool.manifest.load import load_file
from registry_tool.manifest.model import Port


@pytest.mark.parametrize(
    ("type_", "text", "hint"),
    [
        ("boolean", "yes", "write --input x=true"),
        ("boolean", "No", "write --input x=false"),
        ("boolean", "TRUE", "write --input x=true"),
        ("boolean", "maybe", "write --input x=true or x=false"),
        ("number", "two", "such as --input x=2.5"),
        ("integer", "two", "such as --input x=3"),
        ("array", "a,b", """such as --input x='["one", "two"]'"""),
        ("object", "a=b", """such as --input x='{"key": "value"}'"""),
    ],
)
def test_an_input_of_another_type_says_how_to_write_one(type_: str, text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        input_from_text(Port("x", type_), text)
    assert hint in caught.value.hint


def test_an_input_that_is_given_twice_is_refused(project: Path) -> None:
    workflow = load_file(project / "workflow-resource.yaml").workflow
    with pytest.raises(UsageError, match="'text' is given twice"):
        read_inputs(workflow, ["text=a", "text=b"], None)
    (project / "in.json").write_text('{"text": "file"}')
    assert read_inputs(workflow, ["text=pair"], project / "in.json") == {"text": "pair"}

"""An author's code in a script: a function of its own, whatever ends its lines."""

from __future__ import annotations

import ast
import json

import pytest

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.commands.author.python_script.site import NotExportedError
from registry_tool.manifest.model import Workflow
from tests.commands.author.python_script.scripts import run_script
from tests.engine.small import workflow


def with_code(code: str) -> Workflow:
    return workflow(f"""
  blocks: [{{ id: a, type: text, value: x }}, {{ id: b, type: text }}]
  edges: [{{ id: e, source: a, target: b, type: code, config: {{ code: {json.dumps(code)} }} }}]
  interface: {{ outputs: [{{ name: b }}] }}
""")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_line_of_the_code_leaves_its_function(end: str) -> None:
    code = "def main(a): return a + 'é'\nSTARTED = True\ndef more():\n    pass".replace("\n", end)
    text, _ = script_of(with_code(code))
    top = [node for node in ast.parse(text).body if not isinstance(node, ast.FunctionDef)]
    assert not any(isinstance(node, ast.Assign) for node in top)
    assert run_script(with_code(code), {}) == {"b": "xé"}


def test_code_that_works_at_the_top_of_a_file_alone_is_refused() -> None:
    first = "from __future__ import annotations"
    with pytest.raises(NotExportedError, match="at the top of a file alone"):
        script_of(with_code(f"{first}\ndef main(a):\n    return a\n"))

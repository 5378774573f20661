"""Lines become items, or are refused one by one."""

from __future__ import annotations

import io

import pytest

from registry_tool.engine.batch import items as module
from registry_tool.engine.batch.items import BadLine, Item, Items
from registry_tool.engine.batch.keys import Code, Keys
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow

MANIFEST = """
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: t, version: "1.0.0" }
spec:
  blocks: [{ id: text, type: text }, { id: out, type: text }]
  edges: [{ id: e, source: text, target: out, type: modify, config: { modify_type: copy } }]
  interface:
    inputs: [{ name: text, type: string, required: true }, { name: size, type: integer, default: 1 }]
    outputs: [{ name: out }]
"""


def workflow(text: str = MANIFEST) -> Workflow:
    return load(text.encode(), "t.yaml").workflow


def read(data: bytes, flow: Workflow | None = None) -> list[Item | BadLine]:
    chosen = flow or workflow()
    return list(Items(io.BytesIO(data), chosen, Keys(Code(chosen), {})))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "column 2: not JSON"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"text": "a", "text": "b"}', "duplicate key"),
        (b'{"text": NaN}', "not a JSON number"),
        (b'{"text": "a", "size": 9007199254740993}', "loses digits"),
        (b'{"text": "\xff"}', "not UTF-8: byte 11"),
        (b'{"text": "\\ud800"}', "JSON can't carry"),
        (b'{"txt": "a"}', "did you mean 'text'?"),
        (b"{}", "'text' is required"),
        (b'{"text": 1}', "does not fit its schema"),
        (b'{"id": [1], "inputs": {"text": "a"}}', "the id must be"),
        (b"[" * 100_000, "not JSON"),
        (b'{"text": "a", "extra": ' + b"[" * 900 + b"]" * 900 + b"}", "no input 'extra'"),
    ],
)
def test_a_bad_line_is_reported_and_the_others_go_on(line: bytes, reason: str) -> None:
    bad, good = read(line + b'\n{"text": "fine"}\n')
    assert isinstance(bad, BadLine)
    assert reason in bad.reason
    assert bad.line == 1
    assert isinstance(good, Item)
    assert (good.line, good.inputs) == (2, {"text": "fine", "size": 1})


def test_an_id_may_be_given_and_is_no_part_of_the_key() -> None:
    plain, named, numbered = read(
        b'{"text": "a"}\n{"id": "x", "inputs": {"text": "a"}}\n{"id": 7, "inputs": {"text": "a"}}\n'
    )
    assert [plain.label, named.label, numbered.label] == ["", "x", "7"]
    assert plain.key == named.key == numbered.key


def test_a_workflow_with_an_input_called_inputs_gets_the_line_as_it_is() -> None:
    flow = workflow(MANIFEST.replace("name: text, type: string", "name: inputs, type: object"))
    (item,) = read(b'{"inputs": {"text": "a"}}\n', flow)
    assert isinstance(item, Item)
    assert item.inputs == {"inputs": {"text": "a"}, "size": 1}


def test_a_default_that_is_written_out_makes_the_same_item() -> None:
    one, other, third = read(b'{"text": "a"}\n{"size": 1, "text": "a"}\n{"text": "a", "size": 2}\n')
    assert one.key == other.key != third.key


def test_blank_lines_count_but_are_no_items() -> None:
    lines = read(b'\xef\xbb\xbf{"text": "a"}\r\n\n  \n{"text": "b"}')
    assert [line.line for line in lines] == [1, 4]
    assert all(isinstance(line, Item) for line in lines)


def test_a_line_without_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 100)
    long = b'{"text": "' + b"a" * 1000 + b'"}\n'
    bad, good, last = read(long + b'{"text": "fine"}\n' + long[:-1])
    assert isinstance(bad, BadLine) and "longer than 100 bytes" in bad.reason
    assert isinstance(good, Item) and good.line == 2
    assert isinstance(last, BadLine) and last.line == 3

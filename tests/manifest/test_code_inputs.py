"""Which inputs a function may take, however it is bound to its name."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.code_inputs import inputs_of_code, parameters_in
from registry_tool.manifest.model import Edge

KNOWN = ("person", "q", "other")


def edge(kind: str, **config: Any) -> Edge:
    return Edge("e", kind, ("block",), ("far",), config)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(a, /, b, *, c=1): pass\ndef g(d): pass", {"a", "b", "c", "d"}),
        ("main = lambda q, person: person", {"q", "person"}),
        ("if True:\n    def main(person): return person", {"person"}),
        ("class A:\n    @staticmethod\n    def f(person): pass\nmain = A.f", {"person"}),
        ("x = 1", set()),
        ("def main(**k): return k", None),
        ("exec('def main(person): return person')", None),
        ("def f(", None),
        ("\0", None),
        ("(" * 9999, None),
    ],
)
def test_parameters_by_the_text(code: str, names: set[str] | None) -> None:
    assert parameters_in(code) == names


def test_of_the_edge_and_of_what_a_map_does() -> None:
    takes = {"code": "main = lambda item, person: person"}
    assert inputs_of_code(edge("code", **takes), KNOWN) == {"person"}
    inner = {"type": "code", "config": takes}
    assert inputs_of_code(edge("map", edge=inner), KNOWN) == {"person"}
    assert inputs_of_code(edge("code", code="def main(**k): pass"), KNOWN) == set(KNOWN)
    assert inputs_of_code(edge("llm", **takes), KNOWN) == set()
    assert inputs_of_code(edge("map", edge={"type": "code"}), KNOWN) == set()
    assert inputs_of_code(edge("code", code=5), KNOWN) == set()

"""`modify` edges: copies, edits and conversions."""

from __future__ import annotations

from tests.engine.edges.called import call


def test_modify() -> None:
    assert call("modify", {"modify_type": "copy", "content": "{{A}}"}, a=[1]) == [1]
    assert call("modify", {"modify_type": "convert2text"}, a=["é", 1]) == '["\\u00e9", 1]'
    sliced = {"modify_type": "edit_text", "content": "{{a}}", "extra_configs": {"slice": [1, -1]}}
    assert call("modify", sliced, a="abcd") == "bcd"
    turned = {
        "modify_type": "edit_text",
        "content": "{{a}}",
        "sort_type": "descending",
        "slice": [0, 3],
    }
    assert call("modify", turned, a="abcd") == "cba"
    appended = {
        "modify_type": "edit_structured",
        "content": "{{a}}",
        "operations": [{"type": "append", "params": {"path": ["*"], "value": "{{b}}"}}],
    }
    assert call("modify", appended, a=[1], b=[2]) == [1, [2]]

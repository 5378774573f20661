"""`code` nodes run as they stand, or say why they can't."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, outputs, statuses


def node(code: str, **more: Any) -> Any:
    variables = [{"variable": "text", "value_selector": ["s", "q"]}]
    return {
        "type": "code",
        "code": code,
        "variables": variables,
        "outputs": {"n": {"type": "number"}},
        **more,
    }


def test_it_is_called_with_its_variables() -> None:
    code = "import re\r\ndef main(text: str) -> dict:\r\n    return {'n': len(re.findall('a', text))}\r\n"
    what = imported({"s": form("q"), "c": node(code), "e": given("n=c.n")}, "s > c, c > e")
    assert outputs(what, {"q": "banana"}) == {"n": 3}


@pytest.mark.parametrize(
    ("code", "more", "why"),
    [
        ("function main() {}", {"code_language": "javascript"}, "its language is javascript"),
        ("import requests\ndef main(text): return {}", {}, "imports requests"),
        ("from urllib import request\ndef main(text): return {}", {}, "imports urllib.request"),
        ("def main(text)", {}, "is not Python"),
        ("def other(text): return {}", {}, "no function main"),
    ],
)
def test_what_the_sandbox_has_not_is_declared(code: str, more: Any, why: str) -> None:
    what = imported({"s": form("q"), "c": node(code, **more), "e": given("n=c.n")}, "s > c, c > e")
    assert statuses(what)["c"] == "carried"
    assert why in next(n.why for n in what.nodes if n.id == "c")

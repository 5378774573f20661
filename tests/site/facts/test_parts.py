"""Edges in words, for those who can't see the picture: when they run, and what their failure does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.site.diagram import Diagram
from registry_tool.site.facts.parts import edges
from tests.conftest import RegistryFolder
from tests.engine.small import workflow
from tests.site.test_render import files_of

CONDITIONAL = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: text }]
  edges:
    - { id: one, source: a, target: b, type: modify, on_error: { value: none }, config: { modify_type: copy } }
    - { id: two, source: a, target: c, type: modify, when: b, on_error: skip, config: { modify_type: copy } }
"""


def test_what_decides_is_no_value_that_is_read() -> None:
    one, two = edges(Diagram(workflow(CONDITIONAL)), {})
    assert (one["when"], one["on_error"], one["instead"]) == ([], "value", "none")
    assert (two["reads"], two["when"], two["on_error"], two["instead"]) == (
        ["a"],
        ["b"],
        "skip",
        "",
    )


@pytest.fixture
def site(make_registry: Callable[..., RegistryFolder]) -> dict[str, bytes]:
    made = make_registry()
    file = made.lay("soft", "1.0.0") / "manifest.yaml"
    text = file.read_text()
    file.write_text(
        text.replace(
            "    - id: greet\n", "    - id: greet\n      when: who\n      on_error: skip\n"
        )
    )
    made.add("plain", "1.0.0")
    return files_of(made.root)


def test_pages_say_it_in_both_languages(site: dict[str, bytes]) -> None:
    page, chinese = (
        site[f"{home}workflows/soft/1.0.0/index.html"].decode() for home in ("", "zh/")
    )
    when = '<a href="#block-who"><code>who</code></a>'
    assert f"Runs only where one of these was taken: {when} (<code>when</code>)" in page
    assert (
        "Where it fails, the run goes on, and its targets are not taken (<code>on_error</code>)"
        in page
    )
    assert "A dotted line carries no value" in page
    assert f"仅当以下任一块有值时运行： {when}" in chinese
    assert "失败时运行继续，其目标没有值" in chinese
    twin = site["workflows/soft/1.0.0/index.md"].decode()
    assert ": who → greeting. Runs only where one of these was taken: who (`when`). " in twin
    other = site["workflows/plain/1.0.0/index.html"].decode()
    assert "dotted" not in other
    assert "passes" not in other

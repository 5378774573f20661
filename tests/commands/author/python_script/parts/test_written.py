"""A helper that stands as a text."""

from __future__ import annotations

from typing import Any

from registry_tool.commands.author.python_script.parts.written import RENDER


def test_a_template_is_rendered_as_the_engine_does() -> None:
    names: Any = {"Any": Any}
    exec(RENDER, names)  # noqa: S102 - the helper itself
    assert names["render"]("{% for n in l %}{{ n }};{% endfor %}\n", {"l": [1, 2]}) == "1;2;\n"

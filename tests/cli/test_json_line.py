"""One line, no secret, and nothing that an Action job obeys."""

from __future__ import annotations

import json

from registry_tool.cli.json_line import json_line


def test_a_line_is_one_and_gives_nothing_away() -> None:
    token = "ghp_" + "a1B2" * 9
    line = json_line({"error": f"a\n##[add-mask]x ü {token}"})
    assert "\n" not in line
    assert "##[" not in line
    assert token not in line
    assert json.loads(line)["error"].startswith("a\n##[add-mask]x ü ")

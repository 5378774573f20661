"""`load` edges read what a block or a file holds, and nothing outside the resources."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.engine.edges.base import Services
from tests.engine.edges.called import call


def test_load_reads_resources_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": [1]}')
    (tmp_path / "b.csv").write_text("n,m\n1,2\n")
    (tmp_path / "c.txt").write_text("text")
    (tmp_path / "link").symlink_to("/etc/passwd")
    services = Services(resources=tmp_path)
    assert call("load", {"path": "a.json"}, services, a="") == {"x": [1]}
    assert call("load", {"path": "resources/b.csv"}, services, a="") == [{"n": "1", "m": "2"}]
    assert call("load", {"path": "{{a}}.txt"}, services, a="c") == "text"
    assert call("load", {}, a=["as it is"]) == ["as it is"]
    for path in ("../secret", "/etc/passwd", "link", "nothing.txt"):
        with pytest.raises(Exception, match=r"path|no such file"):
            call("load", {"path": path}, services, a="")

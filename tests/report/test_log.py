from __future__ import annotations

from typing import Any

from registry_tool.report.log import log_line


def test_a_log_entry_is_one_line_that_nothing_obeys() -> None:
    entry: Any = {
        "timestamp": "2024-01-01T00:00:00Z",
        "level": "INFO",
        "workflow": {"execution_id": "exec-1"},
        "event": "edge_finished",
        "metadata": {"edge": "a\n::error::b", "seconds": 0.5, "who": "é\x1b"},
    }
    assert log_line(entry) == (
        "2024-01-01T00:00:00Z INFO  exec-1 edge_finished "
        'edge="a\\n::error::b" seconds=0.5 who="é\\u001b"'
    )
    assert log_line({"level": "INFO", "event": "x", "timestamp": "t"}) == "t INFO  None x "

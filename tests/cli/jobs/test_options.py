from __future__ import annotations

from pathlib import Path

from registry_tool.cli.jobs.options import append_summary, write_outputs


def read(path: Path) -> dict[str, str]:
    """As GitHub's runner reads the file: `name=value`, or `name<<END` and lines until END."""
    found, lines = {}, iter(path.read_text().splitlines())
    for line in lines:
        if "<<" in line:
            name, end = line.split("<<", 1)
            value = []
            while (part := next(lines)) != end:
                value.append(part)
            found[name] = "\n".join(value)
        else:
            name, _, text = line.partition("=")
            found[name] = text
    return found


def test_no_value_can_set_another_output(tmp_path: Path) -> None:
    path = tmp_path / "out"
    hostile = "x\nrunner=evil\nend-0\nEOF\nrunner<<EOF\nevil\nEOF"
    write_outputs(path, {"version": hostile, "runner": "ubuntu-latest", "encrypted": True})
    assert read(path) == {"version": hostile, "runner": "ubuntu-latest", "encrypted": "true"}


def test_both_files_only_grow(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("before=1\n")
    write_outputs(path, {"after": 2})
    assert read(path) == {"before": "1", "after": "2"}
    append_summary(path, "more")
    assert path.read_text().endswith("more\n")
    write_outputs(None, {"x": 1})
    append_summary(None, "x")

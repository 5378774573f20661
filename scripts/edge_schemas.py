"""Writes what is made from the edge types' schemas: the bundle in workflow-v1.schema.json and docs/edges.md.

Run it after every change in registry_tool/manifest/schema/edges/; `--check` only tells what is out of step.
"""

from __future__ import annotations

import sys
from pathlib import Path

from registry_tool.manifest.bundle import bundled
from registry_tool.report.edge_reference import edges_page

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "registry_tool/manifest/schema/workflow-v1.schema.json"
PAGE = ROOT / "docs/edges.md"


def main(*, check: bool) -> int:
    """1 where a file was out of step and was not to be written."""
    wanted = {SCHEMA: bundled(SCHEMA.read_text("utf-8")), PAGE: edges_page()}
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} {'is out of step' if check else 'written'}")
        if not check:
            path.write_text(wanted[path], "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))

"""The site's search at 10,000 and 100,000 workflows: what a first query loads, how long an answer takes, what an
update of one workflow writes.

The site's own script answers, in Node.js; bytes are those of gzip as a static host serves them, the page's scripts
included. Budgets: 100 KB at 10,000 workflows, 300 KB at 100,000, an answer within 100 ms of the key.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from generated_summaries import summaries
from timing import sized

from registry_tool.site.search.change import search_changes
from registry_tool.site.search.index import search_files

ROOT = Path(__file__).parents[1]
SIZES = sized((10_000, 100_000), (30, 300))
QUERIES = (
    "s", "email", "contract review", "invoice extractor offline:", "emial summarizer", "translat legal contarct",
    "multilingual ticket router tag:support", "model:gpt-4 certified:", "合同审核", "客户评论情感分析",
    "sort:downloads tag:nlp", "text",
)  # fmt: skip
OPEN = ["category", "is"]
"""The facets that the page opens with."""


def compressed(path: Path) -> int:
    """Bytes of a file as it is served."""
    return len(gzip.compress(path.read_bytes(), 6))


def built(count: int, folder: Path) -> float:
    """Write the index of that many workflows; processor seconds."""
    documents = list(enumerate(summaries(count)))
    started = time.process_time()
    for path, data in search_files(documents):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return time.process_time() - started


def asked(folder: Path) -> list[Any]:
    """What the script answers to each query with nothing loaded, and again with everything loaded."""
    requests = [{"q": query, "fresh": True, "timed": 9, "facets": OPEN} for query in QUERIES]
    node = shutil.which("node")
    if node is None:
        print("not run: Node.js is not installed")
        sys.exit()
    done = subprocess.run(
        [node, ROOT / "tests/node/search.mjs", folder],
        input=json.dumps(requests), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers: list[Any] = json.loads(done.stdout)
    return answers


def updated(count: int, folder: Path) -> tuple[int, int, float]:
    """Files read, files written and processor milliseconds of an update of one workflow's tags and description."""
    slot = count // 2
    before = next(s for at, s in enumerate(summaries(count)) if at == slot)
    after = {**before, "tags": ["nlp", "new-tag"], "description": "Says something else entirely"}
    read: list[str] = []

    def reading(path: str) -> bytes | None:
        read.append(path)
        return (folder / path).read_bytes() if (folder / path).is_file() else None

    started = time.process_time()
    written = list(search_changes(reading, [(slot, before)], [(slot, after)]))
    return len(read), len(written), (time.process_time() - started) * 1000


def main() -> None:
    """Print, for each size and query, bytes and files of the first query and the time of an answer."""
    scripts = sum(compressed(path) for path in (ROOT / "site_templates/assets").glob("*.js"))
    for count in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            seconds = built(count, folder)
            print(f"{count} workflows: index built in {seconds:.1f} s of a core")
            for query, answer in zip(QUERIES, asked(folder), strict=True):
                size = scripts + sum(
                    compressed(folder / "search" / path) for path in answer["files"]
                )
                print(
                    f"  {query:40} {answer['total']:6} found, first query {size / 1000:6.1f} KB"
                    f" in {len(answer['files']):3} files, an answer {answer['ms']:6.1f} ms"
                )
            read, written, spent = updated(count, folder)
            print(f"  an update reads {read} files, writes {written}, {spent:.0f} ms of a core")


if __name__ == "__main__":
    main()

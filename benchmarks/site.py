"""A full build of generated workflows in both languages, beside Hugo rendering the same version pages.

Hugo gets each version's data as front matter, worded as the pages are, and a template that shows the same parts
(`hugo/single.html`): Hugo renders the README and marks the manifest, the graph is ready SVG. Laying out its
input is not counted. Ours is the whole output: API, packages, lists, search and all. Elapsed time, processor
time and the peak of memory (proportional set size) of all processes together; the two are built in turns, and
the medians are compared. Budgets: less elapsed time than Hugo, and at most half its memory.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from timing import sized

from registry_tool.catalogue.load import load_line, load_settings
from registry_tool.core.files import canonical_json
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.load import load
from registry_tool.site.facts.version import readme_text, version_facts
from registry_tool.site.facts.worded import worded
from registry_tool.site.site import Site
from registry_tool.site.templates import messages
from registry_tool.store.tree import FolderTree

LINES, VERSIONS, ROUNDS = sized(2000, 2), sized(5, 2), sized(3, 1)
ROOT = Path(__file__).parents[1]
VERSION = ROOT / "registry/workflows/sentiment-analysis/1.2.0"
LANGUAGES = ("en", "zh")
TOOL = Path(sys.executable).parent / "registry-tool"

TEMPLATE = Path(__file__).parent / "hugo/single.html"


def registry(root: Path) -> None:
    """Lines of several versions, each with the example's graph, interface and README."""
    (root / "registry").mkdir(parents=True)
    (root / "registry/registry.yaml").write_text("name: Benchmark\n")
    text, readme = (
        (VERSION / "manifest.yaml").read_text(),
        (VERSION / "docs/README.md").read_bytes(),
    )
    value = json.dumps(compile_value(load(text, "x").workflow))
    for name, number in versions():
        folder = root / f"registry/workflows/{name}/{number}"
        (folder / "docs").mkdir(parents=True)
        (folder / "docs/README.md").write_bytes(readme)
        (folder / "manifest.yaml").write_text(_renamed(text, name, number))
        compiled = json.loads(value)
        compiled["metadata"] |= {"name": name, "version": number}
        (folder / "workflow.json").write_bytes(canonical_json(compiled))


def versions() -> Iterator[tuple[str, str]]:
    """(name, number)."""
    for line in range(LINES):
        for minor in range(VERSIONS):
            yield f"workflow-{line}", f"1.{minor}.0"


def _renamed(text: str, name: str, number: str) -> str:
    text = text.replace('"sentiment-analysis"', f'"{name}"')
    return text.replace('version: "1.2.0"', f'version: "{number}"')


@dataclasses.dataclass(frozen=True)
class Cost:
    """Seconds on a clock and of a core, MiB at the peak, version pages."""

    seconds: float
    used: float
    memory: float
    pages: int

    def words(self, name: str) -> str:
        """A line."""
        return (
            f"{name:5} {self.pages:6} version pages in {self.seconds:6.1f} s ({self.used:.1f} s of a core), "
            f"{self.memory:.0f} MiB: {self.seconds / self.pages * 1000:.2f} ms a page"
        )


def measured(words: Sequence[str | Path], out: Path, pattern: str) -> Cost:
    """A command's cost; its pages are the files below `out` that fit a pattern."""
    before, started, peak = os.times(), time.perf_counter(), 0.0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
        assert process.returncode == 0, words
    seconds, after = time.perf_counter() - started, os.times()
    used = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return Cost(seconds, used, peak, sum(1 for _ in out.glob(pattern)))


def _memory(session: int) -> float:
    """MiB of all processes of a session, what they share counted once."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                rollup = (folder / "smaps_rollup").read_text()
                total += int(rollup.partition("\nPss:")[2].split()[0])
    return total / 1024


def ours(root: Path, out: Path) -> Cost:
    """The whole output."""
    words = (TOOL, "build", "--registry", root, "--out", out, "--full")
    cost = measured(words, out, "workflows/*/*.*.*/index.html")
    return dataclasses.replace(cost, pages=cost.pages * len(LANGUAGES))


def laid_out(root: Path, folder: Path) -> None:
    """What Hugo is given: settings, template, words, and the data and README of each version in each language."""
    (folder / "layouts/_default").mkdir(parents=True)
    shutil.copy(TEMPLATE, folder / "layouts/_default/single.html")
    (folder / "data/messages").mkdir(parents=True)
    for language in LANGUAGES:
        (folder / f"data/messages/{language}.json").write_text(json.dumps(messages(language)))
    settings = {
        "baseURL": "http://x/",
        "title": "Benchmark",
        "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "home", "section"],
        "languages": {code: {"contentDir": f"content/{code}"} for code in LANGUAGES},
        "markup": {"highlight": {"noClasses": False}},
    }
    (folder / "hugo.json").write_text(json.dumps(settings))
    tree = FolderTree(root)
    site = Site(load_settings(tree))
    for line in filter(None, (load_line(tree, f"workflow-{n}", {}) for n in range(LINES))):
        for version in line.versions:
            facts = {**version_facts(version, site), "readme": "", "manifest": version.manifest}
            for language in LANGUAGES:
                page = folder / f"content/{language}/workflows/{line.name}/{version.number}.md"
                page.parent.mkdir(parents=True, exist_ok=True)
                head = {
                    "title": f"{version.name} {version.number}",
                    "base": "../../../",
                    "home": "../../../",
                    "other": f"../../../zh/workflows/{line.name}/{version.number}/index.html",
                    "w": worded(facts, version, messages(language)),
                }
                page.write_text(f"{json.dumps(head, default=_plain)}\n\n{readme_text(version)}")


def theirs(folder: Path) -> Cost:
    """The version pages alone."""
    shutil.rmtree(folder / "public", ignore_errors=True)
    hugo = shutil.which("hugo", path=str(Path(sys.executable).parent)) or "hugo"
    words = (hugo, "--quiet", "--source", folder)
    return measured(words, folder / "public", "**/workflow-*/*/index.html")


def _plain(value: Any) -> Any:
    """What a page's context holds beside JSON, as Hugo reads it."""
    return dataclasses.asdict(value)


def median(costs: Sequence[Cost]) -> Cost:
    """Of each figure alone."""
    columns = zip(*map(dataclasses.astuple, costs), strict=True)
    return Cost(*(statistics.median_low(column) for column in columns))


def main() -> None:
    """Print both costs and the ratios."""
    us, them = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry(folder / "registry")
        laid_out(folder / "registry", folder / "hugo")
        for _ in range(ROUNDS):
            them.append(theirs(folder / "hugo"))
            print(them[-1].words("Hugo"), flush=True)
            us.append(ours(folder / "registry", folder / "ours"))
            print(us[-1].words("ours"), flush=True)
            shutil.rmtree(folder / "ours")
    us, them = median(us), median(them)
    print(f"ratio: {us.seconds / them.seconds:.2f} of its time (budget 1), ", end="")
    print(f"{us.used / them.used:.2f} of its processor time, ", end="")
    print(f"{us.memory / them.memory:.2f} of its memory (budget 0.5)")


if __name__ == "__main__":
    main()

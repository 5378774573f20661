"""Building the catalogue's pages for generated workflows, beside Hugo rendering the same pages from the same data.

Hugo gets each page's data as front matter and a template that shows the same parts: head, versions, interface,
graph (as ready SVG), README in Markdown, commands. Both write every page to disk.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from timing import sized

from registry_tool.catalogue.model import (
    Catalogue,
    Line,
    PublishedVersion,
    RegistrySettings,
    VersionFile,
)
from registry_tool.manifest.load import load
from registry_tool.site import contexts
from registry_tool.site.render import site_files
from registry_tool.site.site import Site

LINES, VERSIONS = sized(2000, 2), sized(5, 2)
ROOT = Path(__file__).parents[1]
README = (ROOT / "registry/workflows/sentiment-analysis/1.2.0/docs/README.md").read_text()
MANIFEST = (ROOT / "registry/workflows/sentiment-analysis/1.2.0/manifest.yaml").read_text()

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<link rel="stylesheet" href="/assets/style.css"></head><body><main>
{{ with .Params.w }}<h1>{{ .name }} {{ .version }}</h1><p>{{ .description }}</p>
{{ range .tags }}<a href="/{{ .url }}">{{ .name }}</a>{{ end }}
<pre>{{ .run_command }}</pre><pre>{{ .run_python }}</pre><pre>{{ .deploy_command }}</pre>
<table>{{ range .inputs }}<tr><td>{{ .name }}</td>
<td>{{ .type }}</td><td>{{ .description }}</td></tr>{{ end }}</table>
<table>{{ range .outputs }}<tr><td>{{ .name }}</td>
<td>{{ .type }}</td><td>{{ .description }}</td></tr>{{ end }}</table>
<div>{{ safeHTML .diagram }}</div>
<ul>{{ range .versions }}<li><a href="/{{ .url }}">{{ .number }}</a> {{ .released }}</li>{{ end }}</ul>
<ul>{{ range .requires }}<li>{{ .name }} {{ .note }}</li>{{ end }}</ul>
<dl>{{ range .environments }}<dt>{{ index . 0 }}</dt><dd>{{ index . 1 }}</dd>{{ end }}</dl>
<p>{{ .digest }} {{ .size }}</p>{{ end }}{{ .Content }}</main></body></html>
"""


def catalogue() -> Catalogue:
    """Lines of several versions, each with the example's graph, interface and README."""
    lines = []
    for number in range(LINES):
        versions = []
        for minor in range(VERSIONS):
            text = MANIFEST.replace('"sentiment-analysis"', f'"workflow-{number}"')
            text = text.replace('version: "1.2.0"', f'version: "1.{minor}.0"')
            workflow = load(text, "x").workflow
            file = VersionFile("manifest.yaml", len(text), "0" * 64)
            versions.append(
                PublishedVersion(
                    workflow, "sha256:" + "0" * 64, (file,), f"w/{number}/{minor}", README
                )
            )
        lines.append(Line(f"workflow-{number}", tuple(versions), versions[-1]))
    return Catalogue(RegistrySettings("Benchmark"), tuple(lines))


def ours(data: Catalogue, out: Path) -> tuple[float, int]:
    """Seconds and pages in one language, written to disk."""
    started, pages = time.perf_counter(), 0
    for path, content in site_files(data):
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        pages += path.endswith(".html")
    return time.perf_counter() - started, pages


def theirs(data: Catalogue, folder: Path) -> tuple[float, int]:
    """Seconds that Hugo takes for the version pages, and their number; laying out its input is not counted."""
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.html").write_text(PAGE)
    (folder / "hugo.json").write_text(
        json.dumps({"baseURL": "http://x/", "disableKinds": ["taxonomy", "term", "RSS", "sitemap"]})
    )
    site = Site(data.settings)
    for line in data.lines:
        for version in line.versions:
            words = contexts.workflow(version, site, line)
            words["readme"] = ""
            page = folder / f"content/workflows/{line.name}/{version.number}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            head = json.dumps({"title": version.reference, "w": words}, default=_plain)
            page.write_text(f"{head}\n\n{README}")
    hugo = shutil.which("hugo", path=str(Path(sys.executable).parent)) or "hugo"
    started = time.perf_counter()
    subprocess.run([hugo, "--quiet", "--source", folder], check=True)
    seconds = time.perf_counter() - started
    return seconds, sum(1 for _ in (folder / "public").rglob("index.html"))


def _plain(value: Any) -> Any:
    """Dataclasses in a page's context, as Hugo reads them."""
    return dataclasses.asdict(value)


def main() -> None:
    """Print both times and the ratio a page."""
    data = catalogue()
    with tempfile.TemporaryDirectory() as name:
        us, our_pages = ours(data, Path(name) / "ours")
        them, their_pages = theirs(data, Path(name) / "hugo")
    print(f"ours  {our_pages:6} pages in {us:6.1f} s: {us / our_pages * 1000:.2f} ms a page")
    print(
        f"Hugo  {their_pages:6} pages in {them:6.1f} s: {them / their_pages * 1000:.2f} ms a page"
    )
    print(f"ratio a page: {us / our_pages / (them / their_pages):.2f}")


if __name__ == "__main__":
    main()

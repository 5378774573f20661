"""The JavaScript SDK in a real Chromium: a page imports the ESM and reads the registry that serves it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppyai.workflows import WorkflowClient
from tests.e2e.chromium import CHROMIUM, Page, opened
from tests.made_once import made_once, put_copy
from tests.sdk.conftest import make_site
from tests.sdk.javascript_sdk import compiled
from tests.sdk.live_registry import LiveRegistry, live_registry
from tests.sdk.trust_sites import make_trust_sites
from tests.sources.signed_site import served

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: no page was opened"),
]
PROGRAM = """(async () => {
  const { NotFoundError, WorkflowClient } = await import("/sdk/index.js");
  const client = new WorkflowClient({ registryUrl: location.origin });
  const workflow = await client.getWorkflow("hello", { version: "^1.0" });
  const names = (await client.listWorkflows().all()).map(({ name }) => name);
  const found = (await client.search("helo").all()).map(({ name }) => name);
  const run = await workflow.start({ who: "you" });
  const events = [];
  for await (const { name } of run) events.push(name);
  const missing = await client.getWorkflow("nobody").catch((error) => error instanceof NotFoundError);
  const { greeting } = await run.result();
  return JSON.stringify({ digest: workflow.digest, names, found, greeting, first: events[0], missing });
})()"""


TRUSTING = """(async () => {
  const { WorkflowClient } = await import("/sdk/index.js");
  const root = await (await fetch("/pin")).text();
  const now = () => new Date("2026-01-06T13:00:00Z");
  const found = [];
  for (const copy of ["tuesday", "monday"]) {
    const registryUrl = `${location.origin}/${copy}`;
    const client = new WorkflowClient({ registryUrl, root, trustStore: localStorage, now });
    found.push(await client.getWorkflow("hello").then(({ version }) => version, (error) => error.reason));
  }
  return JSON.stringify(found);
})()"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened(tmp_path_factory.mktemp("browser")) as page:
        yield page


def test_a_page_holds_what_it_reads_against_a_pinned_root(page: Page, tmp_path: Path) -> None:
    sites, site = made_once(make_trust_sites), tmp_path / "site"
    for copy in ("monday", "tuesday"):
        shutil.copytree(sites / copy, site / copy)
    shutil.copy(sites / "pin", site)
    shutil.copytree(compiled() / "dist", site / "sdk")
    (site / "page.html").write_text("<!doctype html><title>SDK</title>")
    with served(site) as address:
        page.open(f"{address}/page.html")
        read, refused = json.loads(page.evaluate(TRUSTING))
    assert read == "1.1.0"
    assert "older metadata than was seen before" in refused


def test_a_page_reads_verifies_and_runs(page: Page, tmp_path: Path) -> None:
    site = tmp_path / "site"
    put_copy(make_site, site)
    shutil.copytree(compiled() / "dist", site / "sdk")
    (site / "page.html").write_text("<!doctype html><title>SDK</title>")
    client = WorkflowClient(str(site))
    with live_registry(LiveRegistry(site)) as live:
        page.open(f"{live.address}/page.html")
        document = json.loads(page.evaluate(PROGRAM))
    assert document == {
        "digest": client.get_workflow("hello").digest,
        "names": [one.name for one in client.list_workflows()],
        "found": [one.name for one in client.search("helo")],
        "greeting": "Hello, you!",
        "first": "execution_started",
        "missing": True,
    }
    assert document["found"]
    assert live.violations == []

"""The JavaScript SDK in a real Chromium: a page imports the ESM and reads the registry that serves it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from puppyai.workflows import WorkflowClient
from tests.e2e.chromium import CHROMIUM, opened
from tests.made_once import put_copy
from tests.sdk.conftest import make_site
from tests.sdk.javascript_sdk import compiled
from tests.sdk.live_registry import LiveRegistry, live_registry

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


def test_a_page_reads_verifies_and_runs(tmp_path: Path) -> None:
    site = tmp_path / "site"
    put_copy(make_site, site)
    shutil.copytree(compiled() / "dist", site / "sdk")
    (site / "page.html").write_text("<!doctype html><title>SDK</title>")
    client = WorkflowClient(str(site))
    with live_registry(LiveRegistry(site)) as live, opened(tmp_path / "browser") as page:
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

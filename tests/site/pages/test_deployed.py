from __future__ import annotations

import json

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.site.pages.dependencies import dependency_files
from registry_tool.site.pages.deployed import deployed_files
from registry_tool.site.site import Counts, DeployedView, DeployedWorkflow, Site
from tests.site.test_pages import chinese

SINCE = "2026-01-02T03:04:05.000Z"
GREET = DeployedWorkflow(
    *("greet", "staging", "paused", (("1.1.0", 10, SINCE), ("1.0.0", 90, SINCE))),
    failed_stage="watch",
    failed_time=SINCE,
    runs=8,
    failed_runs=2,
    last_run=SINCE,
)
HELLO = DeployedWorkflow("hello", "production", "serving", (("2.0.0", 100, ""),))


def files(view: DeployedView | None) -> dict[str, str]:
    made = deployed_files(Site(RegistrySettings("r"), deployed=view))
    return {path: data.decode() for path, data in made}


def test_what_serves_where_with_runs_and_health() -> None:
    found = files(DeployedView((GREET, HELLO)))
    page = found["deployments/index.html"]
    assert page.index("<h2>staging</h2>") < page.index("<h2>production</h2>")
    assert "<code>1.1.0</code> 10 %" in page
    assert '<span class="badge">paused</span>' in page
    assert "last deployment failed at watch, 2026-01-02" in page
    assert "8 runs: 75 % succeeded" in page
    assert '<span class="badge good">serving</span>' in page
    assert "- greet: paused; `1.1.0` 10 %" in found["deployments/index.md"]
    value = json.loads(found["api/v1/deployments.json"])
    first = value["deployments"][0]
    assert first["serving"][0] == {"version": "1.1.0", "weight": 10, "since": SINCE}
    assert (first["runs"], first["failed_runs"], value["unread"]) == (8, 2, "")
    translated = {"zh/x.html": found["zh/deployments/index.html"].encode()}
    assert chinese(translated)["zh/x.html"] <= {"staging", "production", "greet", "hello", "watch"}


def test_nothing_deployed_is_said_only_where_that_was_seen() -> None:
    assert "Nothing is deployed yet" in files(DeployedView())["deployments/index.html"]
    page = files(DeployedView(unread="origin is away"))["deployments/index.html"]
    assert "Nothing is deployed yet" not in page
    assert "could not be read when the page was made: origin is away" in page


def test_a_registry_that_shows_none_has_no_page() -> None:
    assert files(None) == {}


def test_pages_lead_there_only_where_it_is() -> None:
    settings = RegistrySettings("r", shows_deployments=True)
    for view in (None, DeployedView()):
        files_ = dict(dependency_files(Counts(), Site(settings, deployed=view)))
        page = files_["dependencies/index.html"]
        assert (b'href="../deployments/index.html"' in page) == (view is not None)

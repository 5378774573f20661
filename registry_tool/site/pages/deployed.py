"""What serves where, with recent runs and health, where the registry shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Final, cast

from registry_tool.core.files import pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import DeployedView, DeployedWorkflow, Site

DEPLOYMENTS: Final = "deployments/index.html"


def deployed_files(site: Site) -> Files:
    """`deployments/` and `api/v1/deployments.json`; nothing where the registry does not show it."""
    view = site.deployed
    if view is None:
        return

    def worded(words: Words) -> Context:
        return {
            "title": words["deployments"],
            "environments": list(_environments(view, words)),
            "unread": view.unread,
            "json_url": f"{links.API}/deployments.json",
        }

    yield from render(Page(DEPLOYMENTS, "deployments", worded), site)
    yield f"{links.API}/deployments.json", pretty_json(_document(view)).encode()


def _document(view: DeployedView) -> Object:
    return {"deployments": list[Value](map(_entry, view.workflows)), "unread": view.unread}


def _entry(one: DeployedWorkflow) -> Object:
    serving: list[Value] = [
        {"version": version, "weight": weight, "since": since}
        for version, weight, since in one.serving
    ]
    return {**cast(Object, asdict(one)), "serving": serving}


def _environments(view: DeployedView, words: Words) -> Iterator[tuple[str, list[Context]]]:
    for environment, found in groupby(view.workflows, key=lambda one: one.environment):
        yield environment, [_row(one, words) for one in found]


def _row(one: DeployedWorkflow, words: Words) -> Context:
    well = one.runs - one.failed_runs
    return {
        "name": one.workflow,
        "url": links.line_page(one.workflow),
        "status": words[f"status_{one.status.replace('-', '_')}"],
        "good": one.status == "serving" and not one.failed_stage,
        "serving": [
            {"number": version, "weight": weight, "since": since[:10]}
            for version, weight, since in one.serving
        ],
        "failed": one.failed_stage,
        "failed_on": one.failed_time[:10],
        "runs": one.runs,
        "well": f"{100 * well // one.runs} %" if one.runs else "",
        "last_run": one.last_run[:10],
    }

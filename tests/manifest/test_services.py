"""Every service stands in the docs with its host and its secrets."""

from __future__ import annotations

from pathlib import Path

from registry_tool.engine.providers.all_services import rerankers, web_searches
from registry_tool.manifest.services import SERVICES

DOCS = Path(__file__).parents[2] / "docs/manifest.md"


def test_the_docs_name_every_service_host_and_secret() -> None:
    rows = {
        line.split("|")[1].strip(): line
        for line in DOCS.read_text("utf-8").splitlines()
        if "|" in line
    }
    for service in SERVICES.values():
        row = rows[service.title]
        for word in (service.name, service.host, *service.secrets):
            assert word in row


def test_every_service_can_be_asked() -> None:
    assert {*web_searches(None, {}), *rerankers(None, {})} == set(SERVICES)

"""Every registered service names the secrets that it lacks."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.engine.providers.all_services import rerankers, web_searches
from registry_tool.engine.providers.web_search.service_client import MissingSecretError
from registry_tool.manifest.services import SERVICES


@pytest.mark.parametrize("name", [name for name, s in SERVICES.items() if s.secrets])
def test_missing_secrets_are_all_named_before_anyone_is_asked(name: str) -> None:
    service = SERVICES[name]
    with pytest.raises(MissingSecretError) as error:
        if name == "cohere":
            asyncio.run(rerankers(None, {})[name].rank("q", ["a"], 1, ""))
        else:
            web_searches(None, {})[name].check()
            asyncio.run(web_searches(None, {})[name].search("q", 1, {"index": "i"}))
    assert error.value.secrets == service.secrets
    for secret in service.secrets:
        assert secret in error.value.reason
        assert secret in error.value.hint
    assert service.title in error.value.reason

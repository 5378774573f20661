"""Which services a research may ask: what is named, else all that have their secrets."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.all_services import web_searches
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.edges.researching import WEB, research, scripted
from tests.engine.edges.searching import CATS, ScriptedSearch

ANSWER = FoundPage("", "", "They purr with the larynx.", {"citations": ["https://v.example"]})


def test_every_missing_secret_is_named_and_nobody_is_asked() -> None:
    model = scripted()
    config: Object = {**WEB, "perplexity_config": {"model": "sonar"}}
    with pytest.raises(EdgeError) as error:
        research(
            config,
            Services(model=model, outbound=OutboundServices(web_search=web_searches(None, {}))),
        )
    for name in ("GCP_API_KEY", "CSE_ID", "PERPLEXITY_API_KEY"):
        assert name in error.value.reason
        assert name in error.value.hint
    assert "enabled: false" in error.value.hint
    assert model.asked == []


def test_what_is_switched_off_needs_nothing() -> None:
    config: Object = {
        "web_config": {"sub_search_type": "ddg"},
        "perplexity_config": {"model": "sonar", "enabled": False},
    }
    searches = {**web_searches(None, {}), "duckduckgo": ScriptedSearch("duckduckgo", CATS)}
    report = research(
        config,
        Services(
            model=scripted([("duckduckgo", "x")], []),
            outbound=OutboundServices(web_search=searches),
        ),
    )
    assert "[duckduckgo: x]" in report


def test_where_nothing_is_named_all_that_has_its_secrets_is_used() -> None:
    searches = {**web_searches(None, {}), "perplexity": ScriptedSearch("perplexity", ANSWER)}
    model = scripted([("perplexity", "x")], [])
    assert "larynx" in research(
        {}, Services(model=model, outbound=OutboundServices(web_search=searches))
    )
    with pytest.raises(EdgeError, match=r"GCP_API_KEY.*PERPLEXITY_API_KEY"):
        research(
            {}, Services(model=model, outbound=OutboundServices(web_search=web_searches(None, {})))
        )
    with pytest.raises(EdgeError, match="no search services"):
        research({}, Services(model=model))

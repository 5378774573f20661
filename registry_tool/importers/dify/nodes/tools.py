"""`tool` nodes whose like we have: web searches, pages that a service reads, the time. Others are declared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from registry_tool.core.values import Object
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import Text
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeStatus, NotRunnableError
from registry_tool.manifest.services import DUCKDUCKGO, GOOGLE, PERPLEXITY, Service

_LIST: Final = (
    "its result is a list of titles, addresses and extracts, where Dify gives them as a text"
)
_JSON: Final = "its result is the service's JSON, where Dify gives a text of it"
_LANGUAGES: Final = {
    "english": "en",
    "chinese": "zh",
    "german": "de",
    "japanese": "ja",
    "french": "fr",
}
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def tool(node: Node, work: Work) -> NodeStep:
    """An edge that asks the same service, or one of its kind."""
    provider = text_of(node.data, "provider_id") or text_of(node.data, "provider_name")
    name = text_of(node.data, "tool_name")
    build = _TOOLS.get((provider.rsplit("/", 1)[-1].casefold(), name.casefold()))
    if build is None:
        raise NotRunnableError("")
    return build(node, work)


def _given(node: Node, name: str, work: Work) -> Text:
    """A parameter of the tool as a template of ours."""
    for key in ("tool_parameters", "tool_inputs", "tool_configurations"):
        item = sub_object(node.data, key).get(name)
        if isinstance(item, dict):
            value = item.get("value")
            if item.get("type") == "variable" and isinstance(value, list):
                found = work.of(node, value)
                return Text(found.placeholder, (found.block,))
            item = value
        if item not in (None, ""):
            return work.text(node, str(item))
    return Text("")


def _asked(node: Node, name: str, work: Work) -> Text:
    found = _given(node, name, work)
    if not found.template:
        raise NotRunnableError(f"its parameter {name} is not given")
    return found


def _search(service: Service, config: Object) -> Callable[[Node, Work], NodeStep]:
    def build(node: Node, work: Work) -> NodeStep:
        query = _asked(node, "query", work)
        work.project.asks(service.name, [service.host], service.secrets)
        needs = (
            f"set {' and '.join(service.secrets)} in the environment; " if service.secrets else ""
        )
        return NodeStep(
            "search",
            {**config, "query": query.template},
            query.reads,
            {"text": (), "json": (), "": ()},
            "structured",
            status=NodeStatus.NEEDS if needs else NodeStatus.RUNS,
            why=needs + _LIST,
        )

    return build


def _http(text: Text, work: Work, config: Object, why: str, secret: str = "") -> NodeStep:
    host = urlsplit(str(config["url"])).netloc
    work.project.asks(host, [host], [secret] if secret else [])
    auth: Object = {"auth": {"secret": secret, "type": "bearer"}} if secret else {}
    return NodeStep(
        "http",
        {**config, **auth},
        text.reads,
        {"text": (), "json": (), "": ()},
        "structured",
        status=NodeStatus.NEEDS if secret else NodeStatus.RUNS,
        why=f"set the secret {secret} in the environment; {why}" if secret else why,
    )


def _tavily(node: Node, work: Work) -> NodeStep:
    query = _asked(node, "query", work)
    config: Object = {
        "url": "https://api.tavily.com/search",
        "method": "POST",
        "body": {"query": query.template},
    }
    return _http(query, work, config, _JSON, "TAVILY_API_KEY")


def _jina_reader(node: Node, work: Work) -> NodeStep:
    url = _asked(node, "url", work)
    return _http(url, work, {"url": f"https://r.jina.ai/{url.template}"}, "")


def _wikipedia(node: Node, work: Work) -> NodeStep:
    query = _asked(node, "query", work)
    language = _given(node, "language", work).template.casefold() or "en"
    language = _LANGUAGES.get(language, language)
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise NotRunnableError(f"its language {language!r} is not known here")
    asked: Object = {
        "action": "query",
        "format": "json",
        "generator": "search",
        "gsrsearch": query.template,
        "gsrlimit": "3",
        "prop": "extracts",
        "exintro": "1",
        "explaintext": "1",
    }
    config: Object = {"url": f"https://{language}.wikipedia.org/w/api.php", "query": asked}
    return _http(query, work, config, _JSON)


def _page(node: Node, work: Work) -> NodeStep:
    url = _asked(node, "url", work)
    address = url.template
    if not address.startswith(("http://", "https://")) or not _HOST.fullmatch(
        urlsplit(address).netloc
    ):
        raise NotRunnableError(
            "the address of its page names no host; an http edge has the host written out"
        )
    why = "the page comes as its source, where Dify gives its text"
    return _http(url, work, {"url": address, "response": "text"}, why)


_TOOLS: Final[dict[tuple[str, str], Callable[[Node, Work], NodeStep]]] = {
    ("duckduckgo", "ddgo_search"): _search(
        DUCKDUCKGO, {"search_type": "web", "sub_search_type": "ddg"}
    ),
    ("google", "google_search"): _search(
        GOOGLE, {"search_type": "web", "sub_search_type": "google"}
    ),
    ("perplexity", "perplexity"): _search(
        PERPLEXITY, {"search_type": "qa", "sub_search_type": "perplexity"}
    ),
    ("tavily", "tavily_search"): _tavily,
    ("jina", "jina_reader"): _jina_reader,
    ("jina_tool", "jina_reader"): _jina_reader,
    ("wikipedia", "wikipedia_search"): _wikipedia,
    ("webscraper", "webscraper"): _page,
}
"""By the provider's last name and the tool's."""

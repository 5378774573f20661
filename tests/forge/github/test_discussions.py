"""The query is carried out over GitHub's own schema (npm @octokit/graphql-schema) by GraphQL's own program."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Answer, Ask
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.discussions import QUERY
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import ReactedDiscussion
from tests.forge.fault_server import FaultServer, Reply
from tests.node_tools import FOLDER, node_tool


def discussion(title: str, slug: str = "workflows", **reactions: int) -> dict[str, Any]:
    groups = [{"content": c, "reactors": {"totalCount": n}} for c, n in reactions.items()]
    return {"title": title, "category": {"slug": slug}, "reactionGroups": groups}


def page(*nodes: dict[str, Any], more: str = "") -> dict[str, Any]:
    info = {"hasNextPage": bool(more), "endCursor": more or None}
    return {"repository": {"discussions": {"pageInfo": info, "nodes": list(nodes)}}}


def carried_out(*queries: Any) -> Any:
    """What GraphQL answers with GitHub's schema."""
    node_tool("node_modules/graphql")
    asked = json.dumps(queries)
    command = ["node", str(FOLDER / "graphql.mjs")]
    done = subprocess.run(command, input=asked.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def test_the_query_fits_githubs_schema() -> None:
    def exchange(ask: Ask) -> Answer:
        assert ask.url == "https://api.github.com/graphql"
        right = {**json.loads(ask.body or b""), "root": page(discussion("greet", THUMBS_UP=3))}
        wrong = {"query": QUERY.replace("reactors", "voters"), "variables": {}, "root": {}}
        answer, refused = carried_out(right, wrong)
        assert "Cannot query field" in refused["errors"][0]["message"]
        return Answer(200, {}, json.dumps(answer).encode())

    github = GitHub("ada/registry", "secret-token", pace=Pace(sleep=lambda _: None))
    github.http._exchange = exchange
    found = list(github.discussions.reacted())
    assert found == [ReactedDiscussion("greet", "workflows", {"THUMBS_UP": 3})]


def test_all_pages_are_read(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(200, {"data": page(discussion("a"), more="x")}),
        Reply(200, {"data": page(discussion("b", "ideas"))}),
    ]
    assert [(d.title, d.category) for d in github.discussions.reacted()] == [
        ("a", "workflows"),
        ("b", "ideas"),
    ]
    assert [asked.body["variables"]["after"] for asked in server.asked] == [None, "x"]


def test_a_refused_query_is_reported_without_the_token(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {"data": None, "errors": [{"message": "no secret-token"}]})]
    with pytest.raises(RegistryError, match=r"refused the query: no \[TOKEN\]"):
        list(github.discussions.reacted())
    server.replies = [Reply(200, {"data": {"repository": None}})]
    with pytest.raises(RegistryError, match="repository"):
        list(github.discussions.reacted())


def test_an_enterprises_graphql_is_beside_its_rest() -> None:
    asked: list[str] = []

    def exchange(ask: Ask) -> Answer:
        asked.append(ask.url)
        return Answer(200, {}, b'{"data": {}}')

    github = GitHub("ada/registry", "secret-token", "https://github.example/api/v3")
    github.http._exchange = exchange
    assert github.http.graphql("query { viewer { login } }", {}) == {}
    assert asked == ["https://github.example/api/graphql"]

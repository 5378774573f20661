"""Discussions, which only GraphQL tells: https://docs.github.com/graphql/guides/using-the-graphql-api-for-discussions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.github.fields import inner, number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import ReactedDiscussion

QUERY: Final = """\
query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { title category { slug } reactionGroups { content reactors { totalCount } } }
    }
  }
}
"""
_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class GitHubDiscussions:
    """The discussions of `owner/name`."""

    http: GitHubHttp
    repository: str

    def reacted(self) -> Iterator[ReactedDiscussion]:
        """Every discussion with its reactions, the oldest first."""
        owner, _, name = self.repository.partition("/")
        after = None
        for _page in range(_PAGES):
            data = self.http.graphql(QUERY, {"owner": owner, "name": name, "after": after})
            found = inner(inner(data, "repository"), "discussions")
            yield from map(_discussion, objects(found, "nodes"))
            page = inner(found, "pageInfo")
            if page.get("hasNextPage") is not True:
                return
            after = text(page, "endCursor")
        raise RegistryError(f"there are more than {_PAGES * 100} discussions")


def _discussion(item: Object) -> ReactedDiscussion:
    reactions: Mapping[str, int] = {
        text(group, "content"): number(inner(group, "reactors"), "totalCount")
        for group in objects(item, "reactionGroups")
    }
    return ReactedDiscussion(text(item, "title"), text(inner(item, "category"), "slug"), reactions)

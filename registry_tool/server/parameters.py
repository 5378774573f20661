"""A request's query read strictly: an unknown or repeated parameter is a mistake that somebody made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request

from registry_tool.commands.live.listing import MOST_A_PAGE, ORDERS, ListQuery
from registry_tool.core.suggest import did_you_mean
from registry_tool.server.problems import bad_parameter

_LONGEST: Final = 200
_FIELDS: Final = ("category", "author", "tag", "q", "sort", "page", "per_page")
_LAST_PAGE: Final = 1_000_000


def query_of(
    request: Request, known: tuple[str, ...], many: tuple[str, ...] = ()
) -> dict[str, list[str]]:
    """The parameters by name; 400 for one that is unknown, too long, or repeated where it may not be."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            hint = did_you_mean(name, known, f"there are {', '.join(known)}" if known else "")
            raise bad_parameter(name[:_LONGEST], "is not a parameter of this operation", hint)
        if len(value) > _LONGEST:
            raise bad_parameter(name, f"is longer than {_LONGEST} characters")
        if not value:
            raise bad_parameter(name, "is empty", "leave it out")
        if name in found and name not in many:
            raise bad_parameter(name, "is given more than once")
        found.setdefault(name, []).append(value)
    return found


def list_query(request: Request) -> ListQuery:
    """What a list is asked for."""
    found = query_of(request, _FIELDS, many=("tag",))
    text: Callable[[str], str] = lambda name: found.get(name, [""])[0]  # noqa: E731 - shorter than its uses
    sort = text("sort")
    if sort and sort not in ORDERS:
        raise bad_parameter("sort", f"{sort!r} is not an order", f"there are {', '.join(ORDERS)}")
    return ListQuery(
        category=text("category"),
        author=text("author"),
        tags=tuple(found.get("tag", ())),
        q=text("q"),
        sort=sort,
        page=_number("page", text("page") or "1", _LAST_PAGE),
        per_page=_number("per_page", text("per_page") or "20", MOST_A_PAGE),
    )


def _number(name: str, text: str, most: int) -> int:
    if (
        text.isascii()
        and text.isdecimal()
        and len(text) <= len(str(most))
        and 1 <= int(text) <= most
    ):
        return int(text)
    raise bad_parameter(name, f"{text!r} is not a number from 1 to {most}")


class LineConvertor(Convertor[str]):
    """A workflow's name in an address: without a dot, which the static documents' addresses have."""

    regex = r"[^/.]+"

    def convert(self, value: str) -> str:
        """As it is written."""
        return value

    def to_string(self, value: str) -> str:
        """As it is written."""
        return value


register_url_convertor("line", LineConvertor())

"""Assertions on SQL: is-sql and contains-sql, through sqlglot (extra `sql`).

`databaseType`, `allowedTables` (`select::null::orders`) and `allowedColumns` (`select::orders::name`) are
promptfoo's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import AssertionFormError, options, plain, short
from registry_tool.engine.assertions.text import matches
from registry_tool.manifest.template import as_text

_LONGEST = 100_000
_DIALECTS = {
    "athena": "athena",
    "bigquery": "bigquery",
    "hive": "hive",
    "mariadb": "mysql",
    "mysql": "mysql",
    "postgresql": "postgres",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "sqlite": "sqlite",
    "transactsql": "tsql",
}
_USUAL = "MySQL"
_TYPES = ("Select", "Insert", "Update", "Delete")


def _is_sql(value: Value, form: Frozen) -> str | None:
    return _wrong(as_text(value), form)


def _contains_sql(value: Value, form: Frozen) -> str | None:
    text = as_text(value)
    blocks = [_without_language(block) for block in text.split("```")[1::2]]
    reasons = [_wrong(candidate, form) for candidate in (text, *blocks)]
    return None if None in reasons else reasons[-1]


def _without_language(block: str) -> str:
    first, _, rest = block.partition("\n")
    return rest if first.strip().lower() in {"", "sql", "mysql", "postgresql"} else block


def _wrong(text: str, form: Frozen) -> str | None:
    chosen = options(form, "databaseType", "allowedTables", "allowedColumns")
    try:
        statements = parsed(text, _dialect(chosen))
    except ValueError as error:
        return f"it is not SQL: {short(str(error))}"
    for statement in statements:
        for key, used in (("allowedTables", _tables), ("allowedColumns", _columns)):
            patterns = chosen.get(key)
            if patterns is None:
                continue
            if not isinstance(patterns, list):
                raise AssertionFormError(f"{key} is a list of patterns")
            if outside := [item for item in used(statement) if not _allowed(item, patterns)]:
                return f"it uses {outside[0]}, which {key} leaves out"
    return None


def _dialect(chosen: Frozen) -> str:
    named = str(chosen.get("databaseType", _USUAL)).lower().split("(")[0]
    named = {"postgresql": "postgresql", "postgres": "postgresql"}.get(named, named)
    if named not in _DIALECTS:
        raise AssertionFormError(
            f"there is no databaseType {named!r}", hint=f"known: {', '.join(_DIALECTS)}"
        )
    return _DIALECTS[named]


def parsed(text: str, dialect: str) -> list[Any]:  # sqlglot's classes move between versions
    """The statements of a text; `ValueError` says why it is not SQL."""
    if find_spec("sqlglot") is None:
        raise MissingToolError(
            "is-sql and contains-sql need sqlglot",
            hint="pip install 'puppyai-workflow-registry[sql]'",
        )
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(text) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} characters")
    # It warns of what it takes as a command without a look inside; such is not SQL here.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        found = [item for item in sqlglot.parse(text, dialect=dialect) if item is not None]
    except SqlglotError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    kinds = (exp.Query, exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.TruncateTable)
    if not found or not all(isinstance(item, kinds) for item in found):
        raise ValueError("there is no statement" if not found else "it is not a statement")
    return found


def _tables(statement: Any) -> Iterator[str]:
    from sqlglot import exp

    for table in statement.find_all(exp.Table):
        yield f"{_type(statement)}::{table.db or 'null'}::{table.name}"


def _columns(statement: Any) -> Iterator[str]:
    from sqlglot import exp

    for column in statement.find_all(exp.Column):
        yield f"{_type(statement)}::{column.table or 'null'}::{column.name}"
    if statement.find(exp.Star):
        yield f"{_type(statement)}::null::(.*)"


def _type(statement: Any) -> str:
    name = type(statement).__name__
    return name.lower() if name in _TYPES else "select"


def _allowed(item: str, patterns: list[Value]) -> bool:
    try:
        return any(matches(f"^(?:{pattern})$", item) for pattern in patterns)
    except ValueError:
        raise AssertionFormError("an allowed table or column is not a regular expression") from None


IS_SQL = plain("is-sql", _is_sql)
CONTAINS_SQL = plain("contains-sql", _contains_sql)

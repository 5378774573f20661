"""A validator's errors become one problem for each mistake, with its place and the fix."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import Severity
from registry_tool.core.values import Object, Route
from registry_tool.manifest.config_errors import MOST_PROBLEMS
from registry_tool.manifest.edge_config import (
    config_problems,
)
from tests.manifest.configurations import ASKED, MOVE, branch, condition, problems_of

WRONG: list[tuple[str, Object, Route, str, str]] = [
    ("llm", {"promt": "x"}, ("promt",), "key 'promt' is not known", "did you mean 'prompt'?"),
    ("llm", {"modle": "x"}, ("modle",), "key 'modle' is not known", "did you mean 'model'?"),
    ("llm", {"temprature": 1}, ("temprature",), "not known", "did you mean 'temperature'?"),
    ("llm", {"temperature": "hot"}, ("temperature",), 'of type number, not "hot"', ""),
    ("llm", {"max_tokens": "100"}, ("max_tokens",), "of type integer", "without quotes: 100"),
    ("llm", {"cache": "yes"}, ("cache",), "of type boolean", "write true or false"),
    ("llm", {"temperature": True}, ("temperature",), "of type number, not true", ""),
    ("llm", {"temperature": 9}, ("temperature",), "from 0 to 5, not 9", ""),
    ("llm", {"retries": 50}, ("retries",), "from 0 to 10, not 50", ""),
    ("llm", {"max_tokens": 0}, ("max_tokens",), "at least 1, not 0", ""),
    ("llm", {"timeout": "30"}, ("timeout",), "unexpected form", "such as 30s"),
    ("llm", {"prompt": None}, ("prompt",), "of type string, not null", "leave the key out"),
    ("llm", {"messages": "hi"}, ("messages",), "unexpected form", "list of {role, content}"),
    (
        "llm",
        {"messages": [{"role": "usr", "content": "x"}]},
        ("messages", 0, "role"),
        "must be one of system, user, assistant",
        "did you mean 'user'?",
    ),
    ("llm", {"extra_configs": {}}, ("extra_configs",), "not known", "known: prompt"),
    ("llm", {"model": "{{model}}"}, ("model",), "unexpected form", "no template is filled in here"),
    ("code", {"code": ""}, ("code",), "must not be empty", "define a function main"),
    ("code", {"code": " "}, ("code",), "unexpected form", "define a function main"),
    ("llm", {"timeout": 300}, ("timeout",), "of type string, not 300", "such as 30s"),
    ("modify", {"modify_type": "edit_txt"}, ("modify_type",), "one of copy,", "'edit_text'?"),
    ("modify", {"modify_type": "edit_structured"}, (), "needs the key 'operations'", "add it"),
    (
        "modify",
        {"modify_type": "edit_structured", "operations": [{"type": "gett"}]},
        ("operations", 0, "type"),
        "must be one of get,",
        "did you mean 'get'?",
    ),
    ("chunk", {"chunking_mode": "lenght"}, ("chunking_mode",), "one of auto", "'length'?"),
    (
        "chunk",
        {"chunking_mode": "length", "sub_chunking_mode": "tokn"},
        ("sub_chunking_mode",),
        "must be one of size, token,",
        "did you mean 'token'?",
    ),
    (
        "chunk",
        {"chunking_mode": "length", "extra_configs": {"chunk_siz": 3}},
        ("extra_configs", "chunk_siz"),
        "not known",
        "did you mean 'chunk_size'?",
    ),
    ("branch", {}, (), "needs the key 'cases'", "add it"),
    ("branch", {"cases": {}}, ("cases",), "must not be empty", ""),
    ("branch", {"cases": {"one": {"conditions": [ASKED]}}}, ("cases", "one"), "'thens'", "add it"),
    (
        "branch",
        condition(condition="isempty"),
        ("cases", "one", "conditions", 0, "condition"),
        "must be one of is_empty",
        "did you mean 'is_empty'?",
    ),
    (
        "branch",
        condition(condition="above", value=3),
        ("cases", "one", "conditions", 0, "value"),
        "the key 'value' is not known",
        "parameters: { value: … }",
    ),
    (
        "branch",
        condition(condition="above", parameters={"value": "many"}),
        ("cases", "one", "conditions", 0, "parameters", "value"),
        "unexpected form",
        "compares with a number",
    ),
    (
        "branch",
        condition(condition="is", parameters={"value": "{{limit}}"}),
        ("cases", "one", "conditions", 0, "parameters", "value"),
        "unexpected form",
        "no template is filled in here",
    ),
    (
        "branch",
        condition(condition="is", parameters={}),
        ("cases", "one", "conditions", 0, "parameters"),
        "needs the key 'value'",
        "add it",
    ),
    (
        "branch",
        {**branch(), "else": {"thens": [MOVE]}},
        ("else", "thens"),
        "the key 'thens' is not known in config.else",
        "else is the list itself",
    ),
    ("branch", {**branch(), "else": []}, ("else",), "must not be empty", ""),
    ("loop", {"max_iterations": 5000}, ("max_iterations",), "from 1 to 1000", ""),
    ("loop", {"while": [ASKED], "until": [ASKED]}, ("until",), "beside while", "keep one"),
    ("map", {}, (), "needs the key 'edge'", "add it"),
    ("map", {"edge": {"type": "cod"}}, ("edge", "type"), "must be one of", "'code'?"),
    ("map", {"edge": {"type": "map"}}, ("edge", "type"), "must be one of", ""),
    ("map", {"edge": {"type": "code"}}, ("edge", "config"), "needs the key 'code'", "add it"),
    (
        "map",
        {"edge": {"type": "llm", "config": {"promt": "x"}}},
        ("edge", "config", "promt"),
        "not known in an edge of type llm",
        "did you mean 'prompt'?",
    ),
    (
        "map",
        {"edge": {"type": "llm"}, "on_error": None},
        ("on_error",),
        "must be one of fail, null,",
        'write "null" in quotes',
    ),
    ("code", {}, (), "needs the key 'code'", "add it: Python"),
    ("code", {"code": " \n"}, ("code",), "unexpected form", "define a function main"),
    ("retrieve", {}, (), "needs the key 'query'", "add it: What is asked"),
    ("retrieve", {"qery": "x"}, ("qery",), "not known", "did you mean 'query'?"),
    ("workflow", {"inputs": {}}, (), "needs the key 'name'", "add it"),
    ("http", {"method": "GET"}, (), "needs the key 'url'", "add it"),
    (
        "http",
        {"url": "x", "auth": {"secret": "K", "type": "header"}},
        ("auth",),
        "needs the key 'name'",
        "add it",
    ),
    ("search", {"search_type": "elastic"}, (), "needs the key 'index'", "add it"),
    ("save", {"content": "x"}, (), "needs the key 'path'", "add it"),
    ("load", {"cache": True}, ("cache",), "must be false", "ask a model or run code"),
]


@pytest.mark.parametrize(("type_", "config", "route", "message", "help_"), WRONG)
def test_a_mistake_is_reported_once_where_it_stands(
    type_: str, config: Object, route: Route, message: str, help_: str
) -> None:
    ((where, said, hint),) = problems_of(type_, config)
    assert where == route
    assert message in said
    assert help_ in hint
    assert hint


@pytest.mark.parametrize(
    ("type_", "config", "key", "help_"),
    [
        ("chunk", {"chunking_mode": "auto", "overlap": 3}, "overlap", "chunking_mode: length"),
        ("modify", {"content": "x", "slice": [0, 1]}, "slice", "modify_type: edit_text"),
        ("search", {"search_type": "qa", "read_pages": True}, "read_pages", "search_type: web"),
        ("llm", {"prompt": "x", "sys_prompt": "Be brief"}, "sys_prompt", "write it as `system`"),
    ],
)
def test_a_key_without_effect_is_a_warning(
    type_: str, config: Object, key: str, help_: str
) -> None:
    (problem,) = config_problems(type_, config)
    assert problem.severity is Severity.WARNING
    assert problem.route == (key,)
    assert problem.on_key
    assert help_ in problem.help


def test_very_many_mistakes_are_not_reported_one_by_one() -> None:
    config: Object = {f"strange{number}": 1 for number in range(5000)}
    found = problems_of("llm", config)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == ((), "an edge of type llm has more mistakes", "fix these first")
    ((_, message, _),) = problems_of("llm", {"k" * 5000: 1})
    assert len(message) < 200

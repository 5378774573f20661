"""Requests are read strictly, and read back as they were written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.commands.requests.request import (
    LONGEST,
    Action,
    DeployRequest,
    ExecuteRequest,
    read_deploy_request,
    read_execute_request,
)
from registry_tool.core.errors import UsageError

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ('{"workflow": "greet:1.0.0"}', DeployRequest("greet:1.0.0")),
        ('{"workflow": "greet@^1"}', DeployRequest("greet@^1")),
        (
            '{"action": "deploy", "workflow": "greet", "strategy": {"type": "canary"}, "config": {"a": 1}}',
            DeployRequest("greet", strategy={"type": "canary"}, config={"a": 1}),
        ),
        ('{"action": "promote", "workflow": "greet"}', DeployRequest("greet", Action.PROMOTE)),
        (
            '{"action": "rollback", "workflow": "greet", "to": "1.0.0"}',
            DeployRequest("greet", Action.ROLLBACK, to="1.0.0"),
        ),
        ('{"action": "reconcile", "workflow": "greet"}', DeployRequest("greet", Action.RECONCILE)),
        ('{"action": "abort", "workflow": "greet"}', DeployRequest("greet", Action.ABORT)),
    ],
)
def test_a_deploy_request(text: str, request_: DeployRequest) -> None:
    assert read_deploy_request(text) == request_
    assert read_deploy_request(json.dumps(request_.to_value())) == request_


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ('{"workflow": "greet"}', ExecuteRequest("greet")),
        (
            '{"workflow": "greet", "inputs": {"who": [1, null]}, "provider": "local"}',
            ExecuteRequest("greet", {"who": [1, None]}, "local"),
        ),
        (
            '{"workflow": "greet", "sealed": "YWJj", "subject": "person 7", "max_tokens": 5, "max_cost": 0}',
            ExecuteRequest("greet", sealed="YWJj", subject="person 7", max_tokens=5, max_cost=0),
        ),
    ],
)
def test_an_execute_request(text: str, request_: ExecuteRequest) -> None:
    assert read_execute_request(text) == request_
    assert read_execute_request(json.dumps(request_.to_value())) == request_


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _JSON, max_size=4))
def test_inputs_travel_unchanged(inputs: dict[str, Any]) -> None:
    request = ExecuteRequest("greet", inputs)
    assert read_execute_request(json.dumps(request.to_value())) == request


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"workflow": "a", "workflow": "b"}', "duplicate key 'workflow'"),
        ('{"workflow": "a", "inputs": {"x": NaN}}', "NaN"),
        ('{"workflow": "a", "inputs": {"x": 1e999}}', "too large"),
        ('{"workflow": "a", "inputs": {"x": 9007199254740993}}', "2\\^53"),
        ('{"workflow": "a", "inputs": %s}' % ("[" * 100_000), "more than"),
        ('{"workflow": "a", "inputs": %s}' % ("[" * 20_000 + "]" * 20_000), "JSON|nested"),
        ('{"workflow": "a", "inputs": {"x": %s}}' % ("[" * 70 + "]" * 70), "nested deeper than 64"),
        ('{"workflow": "a", "input": {}}', "key 'input' is unknown"),
        ('{"inputs": {}}', "no 'workflow'"),
        ('{"workflow": 3}', "'workflow' is 3"),
        ('{"workflow": "../../etc"}', "'workflow' is '../../etc'"),
        ('{"workflow": "a:1.0.0"}', "'workflow'"),
        ('{"workflow": "a\\n::set-output name=a::b"}', "'workflow'"),
        ('{"workflow": "a", "inputs": []}', "'inputs' is a list, but an object is meant"),
        ('{"workflow": "a", "inputs": null}', "'inputs' is null"),
        ('{"workflow": "a", "provider": "../x"}', "'provider'"),
        ('{"workflow": "a", "max_tokens": true}', "'max_tokens' is true"),
        ('{"workflow": "a", "max_tokens": 1.5}', "'max_tokens' is 1.5"),
        ('{"workflow": "a", "max_tokens": 0}', "'max_tokens' is 0"),
        ('{"workflow": "a", "max_cost": -1}', "'max_cost' is -1"),
        ('{"workflow": "a", "subject": "a\\u0007"}', "'subject'"),
        ('{"workflow": "a", "sealed": "YWJ"}', "'sealed'"),
        ('{"workflow": "a", "sealed": ""}', "'sealed'"),
        ('{"workflow": "a", "sealed": "YWJj", "inputs": {}}', "both 'inputs' and 'sealed'"),
        (json.dumps({"blob": DIGEST}), "can't fetch"),
        ('{"blob": "sha256:../x"}', "'blob'"),
        (json.dumps({"blob": DIGEST, "workflow": "a"}), "'workflow' is unknown"),
    ],
)
def test_what_an_execute_request_may_not_be(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_execute_request(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"workflow": "a", "rollback": true}', "key 'rollback' is unknown"),
        ('{"workflow": "a", "action": "destroy"}', "'action' is 'destroy'"),
        ('{"workflow": "a", "action": null}', "'action' is null"),
        ('{"workflow": "a", "to": "1.0.0"}', "'to' does not belong to the action deploy"),
        ('{"workflow": "a", "action": "abort", "config": {}}', "'config' does not belong"),
        ('{"workflow": "a:1.0.0", "action": "rollback"}', "'workflow'"),
        ('{"workflow": "a", "action": "rollback", "to": "latest"}', "'to'"),
        ('{"workflow": "./project"}', "is not a reference"),
        ('{"workflow": "a:1.0"}', "is not a reference"),
    ],
)
def test_what_a_deploy_request_may_not_be(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_deploy_request(text)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (read_execute_request, r'"subject": "\ud800"'),
        (read_deploy_request, r'"config": {"llm_model": "a\ud800"}'),
        (read_deploy_request, r'"config": {"x-\udfff": 1}'),
        (read_deploy_request, r'"override": "a\ud800"'),
        (read_deploy_request, r'"strategy": {"steps": ["\ud800"]}'),
    ],
)
def test_half_a_character_is_no_text(read: Callable[[str], object], said: str) -> None:
    with pytest.raises(UsageError, match=f"'{said.split(chr(34))[1]}' holds half a character"):
        read(f'{{"workflow": "a", {said}}}')
    whole = said.replace(r"\ud800", "ü").replace(r"\udfff", "ü")
    assert read(f'{{"workflow": "a", {whole}}}')


def test_the_refusal_tells_the_form() -> None:
    with pytest.raises(UsageError) as caught:
        read_execute_request('{"workflow": "a", "inputs": 1}')
    assert '"max_cost": a number from 0' in caught.value.hint


def test_a_request_is_bounded() -> None:
    text = json.dumps({"workflow": "a", "inputs": {"x": "y" * LONGEST}})
    with pytest.raises(UsageError, match="more than 65535"):
        read_execute_request(text)


def test_a_request_by_its_digest() -> None:
    asked: list[str] = []

    def blobs(digest: str) -> bytes:
        asked.append(digest)
        return json.dumps({"workflow": "a", "inputs": {"x": "y" * LONGEST}}).encode()

    request = read_execute_request(json.dumps({"blob": DIGEST}), blobs)
    assert len(str(request.inputs["x"])) == LONGEST
    assert asked == [DIGEST]


def test_a_digest_leads_to_no_other() -> None:
    with pytest.raises(UsageError, match="another digest"):
        read_execute_request(json.dumps({"blob": DIGEST}), lambda _: b'{"blob": "sha256:b"}')

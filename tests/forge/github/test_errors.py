"""GitHub's refusals in words: what it said, bounded, and the fix."""

from __future__ import annotations

import json
from typing import Any

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.core.http import Answer
from registry_tool.forge.github.errors import GitHubRefusedError, rate_limited, refused


def said(status: int, body: Any) -> str:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = refused(Answer(status, {}, data))
    return str(error).removesuffix(f" ({error.hint})")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"message": "Bad credentials"}, "GitHub answered 422: Bad credentials"),
        (
            {
                "message": "Invalid",
                "errors": [{"message": "no title"}, {"code": "missing"}, "odd", 5],
            },
            "GitHub answered 422: Invalid; no title; missing; odd",
        ),
        ({"message": "Same", "errors": [{"message": "Same"}]}, "GitHub answered 422: Same"),
        ({}, "GitHub answered 422: it gave no reason"),
        ({"message": None, "errors": "text"}, "GitHub answered 422: it gave no reason"),
        ([1], "GitHub answered 422: it gave no reason"),
        (b"<html>", "GitHub answered 422: it gave no reason"),
    ],
)
def test_its_reason_is_reported_once(body: Any, expected: str) -> None:
    assert said(422, body) == expected


def test_a_long_reason_is_cut() -> None:
    assert len(said(500, {"message": "x" * 10_000})) == len("GitHub answered 500: ") + 2000


@pytest.mark.parametrize(
    ("status", "way_out"),
    [
        (401, "puppy-cli login"),
        (403, "docs/github.md"),
        (409, "try again"),
        (422, "the reason"),
        (500, "githubstatus.com"),
        (503, "githubstatus.com"),
    ],
)
def test_a_refusal_has_its_status_and_the_way_out(status: int, way_out: str) -> None:
    error = refused(Answer(status, {}, b"{}"))
    assert isinstance(error, GitHubRefusedError)
    assert error.status == status
    assert way_out in error.hint


def test_what_touches_action_files_is_reported_the_scope() -> None:
    message = "refusing to allow an OAuth App to create or update workflow `a.yml` without `workflow` scope"
    assert "--scope" in refused(Answer(422, {}, json.dumps({"message": message}).encode())).hint


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("required; url=https://github.com/orgs/o/sso?x=1", "https://github.com/orgs/o/sso?x=1"),
        ("required; url=javascript:alert(1)", "single sign-on"),
        ("required", "single sign-on"),
        ("partial-results; organizations=1", "docs/github.md"),
    ],
)
def test_single_sign_on_is_reported(header: str, expected: str) -> None:
    hint = refused(Answer(403, {"x-github-sso": header}, b"{}")).hint
    assert expected in hint
    assert "javascript" not in hint


def test_what_is_not_there_is_that_and_may_be_hidden() -> None:
    error = refused(Answer(404, {}, b'{"message": "Not Found"}'))
    assert isinstance(error, NotFoundError)
    assert "GitHub hides it" in error.hint


def test_a_used_up_limit_is_reported_in_minutes() -> None:
    error = rate_limited(Answer(429, {}, b""), 1830.0)
    assert "GitHub answered 429: its rate limit is used up for 30 minutes" in str(error)

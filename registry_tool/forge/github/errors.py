"""GitHub's refusals in words, with the fix."""

from __future__ import annotations

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.http import Answer
from registry_tool.core.values import Value

_HINTS = {
    401: "the token is unknown or expired: run `puppy-cli login` again, or look at GITHUB_TOKEN",
    403: "the token lacks a right that this needs (docs/github.md lists them)",
    404: "look at the repository's name; without the right to see it, GitHub hides it",
    409: "somebody else changes it at this moment, or the repository is empty: try again",
    422: "GitHub read the request and refused it; where the reason names nothing to fix, try again",
}
_TROUBLE = "GitHub has trouble of its own (https://www.githubstatus.com): try again later"
_SCOPE = "the token may not touch Action files: `puppy-cli login --scope 'public_repo workflow'`"
_SSO = "the organization wants the token to be authorized for single sign-on"
_LONGEST = 2000
"""Characters of a refusal's reason that are shown."""


class GitHubRefusedError(RegistryError):
    """GitHub said no; `status` is its HTTP status."""

    def __init__(self, status: int, reason: str, hint: str = "") -> None:
        usual = _TROUBLE if status >= 500 else _HINTS.get(status, "")
        super().__init__(f"GitHub answered {status}: {reason}", hint=hint or usual)
        self.status = status


def rate_limited(answer: Answer, wait: float) -> RegistryError:
    """A refusal that would cost more policy than there is; `wait` are seconds."""
    return RegistryError(
        f"GitHub answered {answer.status}: its rate limit is used up for {wait / 60:.0f} minutes",
        hint="try again then, or use another token",
    )


def refused(answer: Answer) -> RegistryError:
    """What GitHub's refusal means: `NotFoundError` for 404, else `GitHubRefusedError`."""
    reason = _reason(answer)
    if answer.status == 404:
        return NotFoundError(f"GitHub answered 404: {reason}", hint=_HINTS[404])
    return GitHubRefusedError(answer.status, reason, _particular(answer, reason))


def _particular(answer: Answer, reason: str) -> str:
    """The fix of a refusal that has one of its own, else empty."""
    if "workflow` scope" in reason or "workflow scope" in reason:
        return _SCOPE
    sso = answer.headers.get("x-github-sso", "")
    address = sso.partition("url=")[2][:500]
    if sso.startswith("required"):
        safe = address.startswith("https://") and address.isprintable()
        return f"{_SSO}: {address}" if safe else _SSO
    return ""


def _reason(answer: Answer) -> str:
    try:
        value = parse_json(answer.body, location="")
    except RegistryError:
        return "it gave no reason"
    if not isinstance(value, dict):
        return "it gave no reason"
    errors = value.get("errors")
    listed = [_message(error) for error in errors] if isinstance(errors, list) else []
    messages = dict.fromkeys([str(value.get("message") or ""), *listed])
    return "; ".join(word for word in messages if word)[:_LONGEST] or "it gave no reason"


def _message(error: Value) -> str:
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or "")
    return error if isinstance(error, str) else ""

"""Publishing to a live registry: one post of manifest and package (SPEC: `POST /api/v1/workflows`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from registry_tool.commands.author.candidate import UnpublishedVersion
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.core.http import Answer, Ask, LostError, exchange
from registry_tool.core.retry import parse_retry_after
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.http import Exchange
from registry_tool.forge.github.rate_limits import Pace, back_off
from registry_tool.forge.tokens.token import HostToken
from registry_tool.manifest.dating import moment
from registry_tool.manifest.digest import digest
from registry_tool.manifest.secret_variables import may_carry_secrets
from registry_tool.package.build import package_bytes
from registry_tool.store import paths

_LAST: Final = 3
_LONGEST_WAIT: Final = 120.0
_AGAIN: Final = frozenset({429, 502, 503, 504})
_HINTS: Final = {
    401: "the token is unknown or expired: run `puppy-cli login` again, or look at PUPPY_TOKEN",
    403: "ask the registry's maintainers for the right to publish this workflow",
    409: "look at the registry: the version is there already, or is being published; else raise the version",
    413: "keep large files elsewhere and load them from an address",
}


@dataclass(frozen=True, slots=True)
class PostResult:
    """What became of a post: `published` now, else it waits: for a pull request (`url`) or a person (`reason`)."""

    published: bool
    url: str = ""
    reason: str = ""
    filled: tuple[str, ...] = ()


@dataclass(frozen=True)
class LivePublisher:
    """Posts to the live registry at `address` with a token that is for its host."""

    address: str
    token: HostToken
    clock: Clock = field(default_factory=SystemClock)
    pace: Pace = field(default_factory=Pace)
    exchange: Exchange = exchange
    notify: Callable[[str], None] = lambda _: None

    def publish(self, candidate: UnpublishedVersion) -> PostResult:
        """Post a version; `FindingsError` where the registry refuses it with findings, else `RegistryError`.

        Sent again after an answer that was lost: the key that goes with it says that it is the same post.
        """
        demand_safe(self.address)
        now = moment(self.clock.now())
        dated = candidate.with_dates(now, now)
        files = dated.plain()
        package = package_bytes(files)
        parts = {
            "manifest": ("manifest.yaml", "application/yaml", files[paths.MANIFEST]),
            "package": (
                f"{dated.name}-{dated.version}.wfpkg",
                "application/zip",
                package,
            ),
        }
        key = hashlib.sha256(package).hexdigest()
        body, kind = multipart(parts, key[:32])
        ask = Ask(
            "POST",
            f"{self.address}/api/v1/workflows",
            {
                "accept": "application/json, application/problem+json",
                "authorization": f"Bearer {self.token.secret}",
                "content-type": kind,
                "idempotency-key": key,
                "user-agent": "workflow-registry",
            },
            body,
            server="the registry",
            hint="the token goes to no other host: correct the registry's address",
        )
        filled = dated.dated.filled if dated.dated else ()
        answer = self._insist(ask)
        if answer.status == 409 and filled and self._is_there(candidate):
            return PostResult(True, f"{self.address}/workflows/{dated.name}/{dated.version}/")
        return replace(self._read(answer, dated), filled=filled)

    def _insist(self, ask: Ask) -> Answer:
        """An answer that is not the server's fault; each attempt has the same key."""
        for attempt in range(_LAST + 1):
            try:
                answer = self.exchange(ask)
            except LostError as error:
                if attempt == _LAST:
                    raise RegistryError(
                        error.reason,
                        location=self.address,
                        hint="publish again: nothing is published twice",
                    ) from None
                wait, why = back_off(attempt, self.pace), error.reason
            else:
                if answer.status not in _AGAIN or attempt == _LAST:
                    return answer
                retry_after = parse_retry_after(answer.headers, self.clock.now())
                wait = back_off(attempt, self.pace) if retry_after is None else retry_after
                why = f"the registry answered {answer.status}"
                if wait > _LONGEST_WAIT:
                    return answer
            self.notify(f"{why}; trying again in {wait:.0f} seconds")
            self.pace.sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    def _read(self, answer: Answer, dated: UnpublishedVersion) -> PostResult:
        value = self._value(answer)
        if answer.status == 201:
            return PostResult(True, f"{self.address}/workflows/{dated.name}/{dated.version}/")
        if answer.status == 202:
            reason = value.get("held")
            return PostResult(False, _line(value.get("pull_request")), _line(reason))
        if answer.status == 422 and (findings := _findings(value, dated)):
            raise FindingsError(findings)
        detail = _line(value.get("detail")) or _line(value.get("title")) or "it gave no reason"
        if answer.status == 404:
            raise NotFoundError(
                f"the registry answered 404: {detail}",
                location=self.address,
                hint="look at its address; a built site takes no posts: publish to its repository",
            )
        advice = _line(value.get("help")).replace(self.token.secret, "[TOKEN]")
        hint = advice or _HINTS.get(answer.status, "")
        if answer.status == 429 or answer.status >= 500:
            hint = "try again later: nothing is published twice"
        raise RegistryError(
            f"the registry answered {answer.status}: {detail}", location=self.address, hint=hint
        )

    def _is_there(self, candidate: UnpublishedVersion) -> bool:
        """Whether what is published is this version, with dates that were filled in then."""
        url = f"{self.address}/api/v1/workflows/{candidate.name}/{candidate.version}.json"
        headers = {
            "accept": "application/json",
            "authorization": f"Bearer {self.token.secret}",
            "user-agent": "workflow-registry",
        }
        try:
            found = self.exchange(Ask("GET", url, headers, server="the registry"))
        except RegistryError:
            return False
        value = self._value(found) if found.status == 200 else {}
        about, status = value.get("metadata"), value.get("status")
        if not isinstance(about, dict) or not isinstance(status, dict):
            return False
        created, updated = (str(about.get(key) or "") for key in ("created", "updated"))
        if not created or not updated:
            return False
        return digest(candidate.with_dates(created, updated).plain()) == status.get("digest")

    def _value(self, answer: Answer) -> Object:
        try:
            body = answer.body.replace(self.token.secret.encode(), b"[TOKEN]")
            value = parse_json(body, location="")
        except RegistryError:
            return {}
        return value if isinstance(value, dict) else {}


def demand_safe(address: str) -> None:
    """`UsageError` where a token would go over the network in plain: `http://` leads to this machine alone."""
    if not may_carry_secrets(address):
        raise UsageError(
            "the token would be sent unencrypted",
            location=address,
            hint="write https:// in the registry's address",
        )


def demand_live(address: str, exchange: Exchange = exchange) -> None:
    """`UsageError` where `api/v1/index.json` doesn't say that a registry is live; it is asked without a token.

    `RegistryError` where none answers there, as with the address of a git repository.
    """
    url = f"{address}/api/v1/index.json"
    elsewhere = (
        f"look at it; a git repository is cloned: `git clone {address}`, then --registry FOLDER"
    )
    try:
        answer = exchange(Ask("GET", url, {"accept": "application/json"}, server="the registry"))
    except RegistryError as error:
        raise RegistryError(error.reason, location=address, hint=elsewhere) from None
    try:
        value = parse_json(answer.body, location=url) if answer.status == 200 else None
    except RegistryError:
        value = None
    if not isinstance(value, dict) or "workflows" not in value:
        raise NotFoundError(
            "there is no registry at this address", location=address, hint=elsewhere
        )
    if value.get("live") is not True:
        raise UsageError(
            "this registry is a built site: it can be read, and nothing can be posted to it",
            location=address,
            hint="publish to its repository: --registry OWNER/REPO, or a clone's folder",
        )


def multipart(parts: dict[str, tuple[str, str, bytes]], boundary: str) -> tuple[bytes, str]:
    """A form's body and its content type (RFC 7578); `boundary` is in none of the parts."""
    pieces: list[bytes] = []
    for name, (file, kind, data) in parts.items():
        if f"--{boundary}".encode() in data:
            raise ValueError("the boundary is in a part")
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"'
        pieces += [
            f"--{boundary}\r\n{head}\r\nContent-Type: {kind}\r\n\r\n".encode(),
            data,
            b"\r\n",
        ]
    return b"".join(
        [*pieces, f"--{boundary}--\r\n".encode()]
    ), f"multipart/form-data; boundary={boundary}"


def _line(value: Value) -> str:
    """A text of a stranger's, on one line and not long; empty for anything else."""
    return " ".join(value.split())[:500] if isinstance(value, str) else ""


def _findings(value: Object, dated: UnpublishedVersion) -> tuple[Finding, ...]:
    """The registry's findings, at their places in the author's files."""
    listed = value.get("findings")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return tuple(_finding(item, dated) for item in items)


def _finding(item: Object, dated: UnpublishedVersion) -> Finding:
    path = _line(item.get("path"))
    inside = path.removeprefix(f"{dated.location}/")
    line = item.get("line")
    number = line if isinstance(line, int) and not isinstance(line, bool) and line > 0 else 0
    if (
        inside not in dated.files
    ):  # a line of it would be shown, whatever file of this machine it is
        path, inside, number = dated.location, paths.MANIFEST, 0
    if inside == paths.MANIFEST and dated.manifest:
        path, number = dated.manifest, dated.dated.before_filling(number) if dated.dated else number
    word = _line(item.get("severity"))
    return Finding(
        path,
        number,
        0,
        _line(item.get("rule")) or "refused",
        Severity(word) if word in set(Severity) else Severity.ERROR,
        _line(item.get("message")) or "refused",
        _line(item.get("help")),
    )

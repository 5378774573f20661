"""Sends announcements to a registry's receivers: all at once, again where one was busy, for a bounded time.

An address is asked like those of workflows (docs/security.md): by https, at a public address, without a redirect;
what the operator lets be private (PUPPY_ALLOW_PRIVATE_HOSTS) may be neither. No message holds an address
or a secret.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.catalogue.notifications import NotificationTarget
from registry_tool.core.addresses import literal
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.core.retry import Backoff, parse_retry_after
from registry_tool.core.values import Object
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import Fetcher, FetchRequest
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher, private_hosts
from registry_tool.manifest.hosts import PORTS
from registry_tool.report.notifications.announcement import Announcement, plain
from registry_tool.report.notifications.forms import DeliveryRefusal, refusal, webhook_request

_LARGEST_ANSWER: Final = 64 * 2**10
_SHORTEST_SECRET: Final = 4


class SendPolicy(Record, frozen=True):
    """How long is tried: `attempts` a message, `backoff` between, `timeout` seconds each, `longest` for all."""

    attempts: int = 4
    backoff: Backoff = Backoff(1.0, 20.0, 0.5)
    timeout: float = 10.0
    longest: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Clock = field(default_factory=SystemClock)


class Delivery(Record, frozen=True):
    """What became of one announcement at one receiver; `reason` is empty where it was taken."""

    receiver: str
    form: str
    type: str
    reason: str = ""
    attempts: int = 0

    @property
    def sentence(self) -> str:
        """For people, where it was not taken."""
        tries = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        return f"the receiver {self.receiver} ({self.form}) was not notified of {self.type}{tries}: {self.reason}"

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "receiver": self.receiver,
            "form": self.form,
            "type": self.type,
            "delivered": not self.reason,
            "attempts": self.attempts,
            "reason": self.reason,
        }


def send(
    settings: RegistrySettings,
    announcements: Iterable[Announcement],
    environ: Mapping[str, str],
    policy: SendPolicy | None = None,
) -> list[Delivery]:
    """Send every receiver what it subscribed to; nothing is raised where one can't be reached."""
    listed = list(announcements)
    wanted = [
        (target, [one for one in listed if one.kind in target.kinds])
        for target in settings.notifications
    ]
    if not any(found for _, found in wanted):
        return []
    return asyncio.run(_send_all(wanted, environ, policy or SendPolicy()))


async def _send_all(
    wanted: list[tuple[NotificationTarget, list[Announcement]]],
    environ: Mapping[str, str],
    policy: SendPolicy,
) -> list[Delivery]:
    private = private_hosts(environ)
    sends = (
        _Receiver(target, environ, private, policy).send(announcements)
        for target, announcements in wanted
    )
    return [delivery for found in await asyncio.gather(*sends) for delivery in found]


class _Receiver:
    """One receiver, sent one message after the other, so that they stay in order."""

    def __init__(
        self,
        target: NotificationTarget,
        environ: Mapping[str, str],
        private: list[str],
        policy: SendPolicy,
    ) -> None:
        self._target, self._policy, self._private = target, policy, private
        self._url, self._secret = target.address(environ), target.secret(environ)
        self._attempts = 0

    async def send(self, announcements: list[Announcement]) -> list[Delivery]:
        if not self._url:
            reason = f"the variable {self._target.url_variable} is not set"
            return [self._delivery(one, reason) for one in announcements]
        done: list[Delivery] = []
        try:
            fetcher = GuardedFetcher([_host_port(self._url)], self._private, redirects=0)
            self._demand_encrypted(fetcher)
        except RegistryError as error:
            return [self._delivery(one, self._covered(error.reason)) for one in announcements]
        try:
            async with asyncio.timeout(self._policy.longest):
                for one in announcements:
                    self._attempts = 0
                    done.append(self._delivery(one, await self._insist(fetcher, one)))
        except TimeoutError:
            late = f"not within {self._policy.longest:g} s"
            done += [self._delivery(one, late) for one in announcements[len(done) :]]
        finally:
            await fetcher.aclose()
        return done

    def _demand_encrypted(self, fetcher: GuardedFetcher) -> None:
        parts = fetcher.checked(self._url)
        port = parts.port or PORTS[parts.scheme]
        if parts.scheme != "https" and not fetcher.may_be_private(parts.hostname or "", port):
            raise RegistryError("the address is not https, so that anyone on the way could read it")

    async def _insist(self, fetcher: Fetcher, one: Announcement) -> str:
        """The reason why it was not taken in the end, empty where it was."""
        while True:
            self._attempts += 1
            refused, asked = await self._once(fetcher, one)
            if refused is None:
                return ""
            if not refused.again or self._attempts >= self._policy.attempts:
                return self._covered(refused.reason)
            await self._policy.sleep(self._policy.backoff.wait(self._attempts, asked=asked))

    async def _once(
        self, fetcher: Fetcher, one: Announcement
    ) -> tuple[DeliveryRefusal | None, float | None]:
        """Why it was not taken, and the seconds that the receiver asks to wait; signed anew each time."""
        target, now = self._target, self._policy.clock.now()
        try:
            made = webhook_request(
                target.form, one, self._url, self._secret, target.language, int(now.timestamp())
            )
            answer = await fetcher.fetch(
                FetchRequest(
                    made.url,
                    "POST",
                    {**made.headers, "user-agent": "workflow-registry"},
                    made.body,
                    timeout=self._policy.timeout,
                    largest=_LARGEST_ANSWER,
                )
            )
        except ProviderError as error:
            return DeliveryRefusal(error.reason, again=error.transient), error.retry_after
        except RegistryError as error:
            return DeliveryRefusal(error.reason), None
        found = refusal(target.form, answer.status, answer.body)
        return found, parse_retry_after(answer.headers, now)

    def _covered(self, reason: str) -> str:
        """A reason without any part of the address or the secret in it; an answer may repeat them."""
        hidden = {self._secret, self._url, *_parts(self._url)}
        hidden |= set(filter(_is_address, reason.split()))
        for text in sorted(hidden, key=len, reverse=True):
            if len(text) >= _SHORTEST_SECRET:
                shown = re.escape(text.rstrip(","))
                reason = re.sub(shown, "***", reason, flags=re.IGNORECASE)
        return plain(reason)

    def _delivery(self, one: Announcement, reason: str) -> Delivery:
        target = self._target
        return Delivery(target.name, target.form.value, one.type, reason, self._attempts)


def _parts(url: str) -> set[str]:
    """What of an address is secret by itself; nothing where it can't be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return set()
    values = (pair.partition("=")[2] for pair in parts.query.split("&"))
    return {parts.netloc, parts.hostname or "", parts.query, *parts.path.split("/"), *values}


def _is_address(word: str) -> bool:
    """Whether a word is where a name leads to."""
    return literal(word.rstrip(",")) is not None


def _host_port(url: str) -> str:
    """The host and port that are asked, as declared hosts are written."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except (ValueError, UnicodeError):
        raise RegistryError("the address can't be read") from None
    return f"{host}:{port}"

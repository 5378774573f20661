"""Logging in by a code that a person types into a page of GitHub's (RFC 8628).

https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow. These two addresses
are the site's, not the REST API's, so GitHub's OpenAPI description doesn't know them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.http import Ask, LostError, exchange
from registry_tool.core.values import Object
from registry_tool.forge.github.fields import number, text
from registry_tool.forge.github.http import Exchange, checked_api
from registry_tool.forge.github.rate_limits import Pace

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LONGEST = 15 * 60.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_SLOWER = 5.0  # RFC 8628, 3.5: "the interval MUST be increased by 5 seconds"
_BY_TOKEN = "make a token by hand and pass it to `puppy-cli login --token-stdin`"  # noqa: S105 - words
_ENDS = {
    "expired_token": ("the code has expired", "run `puppy-cli login` again"),
    "access_denied": ("the request was refused on the page", "run `puppy-cli login` again"),
    "incorrect_client_credentials": (
        "GitHub knows no app with this client id",
        f"ask the registry's maintainers, or {_BY_TOKEN}",
    ),
    "device_flow_disabled": (
        "the app doesn't allow logging in by a code",
        f"its owner turns on *Enable Device Flow* (docs/github.md), or {_BY_TOKEN}",
    ),
}


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types (`user_code`) on which page; `device_code` is a secret, both expire in `seconds`."""

    user_code: str
    page: str
    seconds: float
    interval: float
    device_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceFlow:
    """One app's way to a token of whoever agrees; `site` is a forge's address such as https://github.com."""

    site: str
    client_id: str
    pace: Pace = field(default_factory=Pace)
    exchange: Exchange = exchange

    def start(self, scope: str) -> DeviceCode:
        """POST /login/device/code: a code to be typed; `RegistryError` where the app is unknown."""
        answer = self._ask("/login/device/code", {"scope": scope})
        _refuse(answer)
        page = text(answer, "verification_uri")
        if urlsplit(page)[:2] != urlsplit(self.site)[:2] or not page.isprintable():
            raise RegistryError(
                f"the code is to be typed on another site: {page[:200]!r}",
                location=self.site,
                hint=_BY_TOKEN,
            )
        code = text(answer, "user_code")
        if not code or not code.isprintable():
            raise RegistryError(
                "the answer holds no code to type", location=self.site, hint=_BY_TOKEN
            )
        return DeviceCode(
            code,
            page,
            min(float(number(answer, "expires_in")), _LONGEST),
            _pause(float(number(answer, "interval") if "interval" in answer else _SLOWER)),
            text(answer, "device_code"),
        )

    def wait(self, code: DeviceCode, notify: Callable[[str], None] = lambda _: None) -> str:
        """POST /login/oauth/access_token until somebody agreed: the token. `RegistryError` where nobody did."""
        pause, until = code.interval, self.pace.clock() + code.seconds
        while self.pace.clock() < until:
            self.pace.sleep(pause)
            try:
                answer = self._ask(
                    "/login/oauth/access_token",
                    {"device_code": code.device_code, "grant_type": _GRANT},
                )
            except LostError as error:  # the code is as good as before
                notify(f"{error.reason}; asking again")
                continue
            if secret := text(answer, "access_token"):
                return secret
            if text(answer, "error") == "slow_down":
                interval = float(number(answer, "interval")) if "interval" in answer else 0.0
                pause = _pause(max(pause + _SLOWER, interval))
            elif text(answer, "error") != "authorization_pending":
                _refuse(answer)
                raise RegistryError("the answer holds no token", location=self.site)
        reason, hint = _ENDS["expired_token"]
        raise RegistryError(reason, location=self.site, hint=hint)

    def _ask(self, path: str, form: dict[str, str]) -> Object:
        site = checked_api(self.site)
        answer = self.exchange(
            Ask(
                "POST",
                f"{site}{path}",
                {
                    "accept": "application/json",
                    "content-type": "application/x-www-form-urlencoded",
                    "user-agent": "workflow-registry",
                },
                urlencode({"client_id": self.client_id, **form}).encode(),
                server="the forge",
            )
        )
        if answer.status >= 500 or answer.status == 429:
            raise LostError(f"{site} answered {answer.status}")
        if answer.status == 404:
            reason, hint = _ENDS["incorrect_client_credentials"]
            raise RegistryError(reason, location=site, hint=hint)
        value = parse_json(answer.body, location=f"the answer of {site}{path}")
        if not isinstance(value, dict):
            raise RegistryError("the answer is not a JSON object", location=site)
        return value


def _pause(seconds: float) -> float:
    return min(max(seconds, _SHORTEST_PAUSE), _LONGEST_PAUSE)


def _refuse(answer: Object) -> None:
    """`RegistryError` for an answer that names an error."""
    if not (error := text(answer, "error")):
        return
    description = text(answer, "error_description") or error
    reason, hint = _ENDS.get(error, (f"the forge refused: {description}", _BY_TOKEN))
    raise RegistryError(reason, hint=hint)

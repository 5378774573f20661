"""Logging in to a live registry by its OpenID Connect provider: a code typed on the provider's page (RFC 8628)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from registry_tool.commands.account.provider_keys import IdentityProviderError, ProviderKeys
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.http import Ask, LostError, exchange
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.device_flow import DeviceCode
from registry_tool.forge.github.http import Exchange
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.manifest.secret_variables import may_carry_secrets

_DEVICE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN: Final = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name
_LONGEST: Final = 900.0
_SLOWER: Final = 5.0  # RFC 8628, 3.5
_LARGEST: Final = 2**18


class LoginProvider(Record, frozen=True):
    """A provider as a registry names it."""

    name: str
    issuer: str
    client_id: str
    scope: str


class RegistryTokens(Record, frozen=True):
    """What a registry gave: an access token, and the refresh token for the next ones."""

    access: str
    refresh: str

    def __repr__(self) -> str:
        return "RegistryTokens()"


@dataclass(frozen=True)
class ProviderLogin:
    """To the live registry at `address`, which was named by whoever logs in."""

    address: str
    pace: Pace = field(default_factory=Pace)
    exchange: Exchange = exchange

    def providers(self) -> list[LoginProvider]:
        """The registry's providers; none where it has none, or isn't live."""
        try:
            answer = self._send("GET", f"{self.address}/api/v1/auth/providers", None)
        except NotFoundError:
            return []
        listed = answer.get("providers")
        objects = (
            [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        )
        keys = ("name", "issuer", "client_id", "scope")
        return [LoginProvider(*(_line(one.get(key)) for key in keys)) for one in objects]

    def by(self, provider: LoginProvider, show: Callable[[DeviceCode], None]) -> RegistryTokens:
        """Log in by a provider; `show` gets the code to be typed. `RegistryError` where nobody agreed."""
        about = ProviderKeys(self.exchange).about(provider.issuer.rstrip("/"))
        device, tokens = (
            _safe(about, name, provider)
            for name in ("device_authorization_endpoint", "token_endpoint")
        )
        form = {"client_id": provider.client_id, "scope": provider.scope or "openid"}
        code = _code(self._send("POST", device, form))
        show(code)
        identity = self._agreed(tokens, provider, code)
        return self._given(
            {"grant_type": _EXCHANGE, "subject_token": identity, "subject_token_type": _ID_TOKEN}
        )

    def again(self, refresh: str) -> RegistryTokens:
        """The next tokens for a refresh token, which counts no longer then."""
        return self._given({"grant_type": "refresh_token", "refresh_token": refresh})

    def _given(self, form: dict[str, str]) -> RegistryTokens:
        answer = self._send("POST", f"{self.address}/api/v1/auth/token", form)
        if detail := _line(answer.get("detail")):
            raise RegistryError(detail, location=self.address, hint="run `puppy-cli login` again")
        access, refresh = (_line(answer.get(f"{kind}_token")) for kind in ("access", "refresh"))
        if not access:
            raise RegistryError("the registry gave no token", location=self.address)
        return RegistryTokens(access, refresh)

    def _agreed(self, endpoint: str, provider: LoginProvider, code: DeviceCode) -> str:
        """The identity token, once somebody has agreed on the provider's page."""
        pause, until = code.interval, self.pace.clock() + code.seconds
        form = {
            "client_id": provider.client_id,
            "grant_type": _DEVICE,
            "device_code": code.device_code,
        }
        while self.pace.clock() < until:
            self.pace.sleep(pause)
            try:
                answer = self._send("POST", endpoint, form)
            except LostError:
                continue  # the code is as good as before
            if identity := answer.get("id_token"):
                return str(identity)
            error = _line(answer.get("error"))
            if error == "slow_down":
                pause += _SLOWER
            elif error != "authorization_pending":
                reason = _line(answer.get("error_description")) or error or "no token came"
                raise RegistryError(f"{provider.name} refused: {reason}", location=provider.issuer)
        raise RegistryError("the code has expired", hint="run `puppy-cli login` again")

    def _send(self, method: str, url: str, form: dict[str, str] | None) -> Object:
        if not may_carry_secrets(url):
            raise UsageError(
                "a token would be sent unencrypted", location=url, hint="write https://"
            )
        headers = {"accept": "application/json", "user-agent": "workflow-registry"}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        body = urlencode(form).encode() if form is not None else None
        answer = self.exchange(Ask(method, url, headers, body, limit=_LARGEST))
        if answer.status == 404:
            raise NotFoundError("there is nothing at this address", location=url)
        if answer.status >= 500 or answer.status == 429:
            raise LostError(f"it answered {answer.status}", location=url)
        value = parse_json(answer.body, location=url)
        if not isinstance(value, dict):
            raise RegistryError("the answer is not a JSON object", location=url)
        return value


def chosen_provider(known: Sequence[LoginProvider], name: str) -> LoginProvider | None:
    """The one of that name, else the only one, None where there are none; `UsageError` where it isn't clear."""
    if not known and not name:
        return None
    found = [one for one in known if name in ("", one.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in known)
    what = f"the registry has no provider {name[:64]!r}" if name else "the registry has several"
    raise UsageError(what, hint=f"name one with --provider: {names or 'it has none'}")


def _safe(about: Object, name: str, provider: LoginProvider) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not may_carry_secrets(address):
        raise IdentityProviderError(
            f"{provider.name} has no {name.replace('_', ' ')} for logging in by a code",
            location=provider.issuer,
            hint="take an API key: `registry-tool tokens new`, then `puppy-cli login --token-stdin`",
        )
    return address


def _code(answer: Object) -> DeviceCode:
    if error := _line(answer.get("error")):
        raise RegistryError(f"the provider refused: {error}")
    page = _line(answer.get("verification_uri_complete") or answer.get("verification_uri"))
    user, device = _line(answer.get("user_code")), answer.get("device_code")
    if not user or not isinstance(device, str) or not may_carry_secrets(page):
        raise RegistryError("the provider's answer holds no code to type")
    seconds, interval = (_number(answer.get(key), usual) for key, usual in _TIMES)
    return DeviceCode(user, page, min(seconds, _LONGEST), max(1.0, min(interval, 60.0)), device)


_TIMES: Final = (("expires_in", _LONGEST), ("interval", _SLOWER))


def _number(value: Value, usual: float) -> float:
    ok = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if ok and isinstance(value, int | float) else usual


def _line(value: Value) -> str:
    """A text of a stranger's, on one printable line; empty for anything else."""
    text = value if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= 8192 else ""

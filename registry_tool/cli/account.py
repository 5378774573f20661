"""Commands on who you are to a forge: login, logout, whoami."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import chosen_registry, registry_option
from registry_tool.cli.output import format_option, print_json, print_warning
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.account.forge_server import ForgeServer
    from registry_tool.commands.account.login import LoginResult
    from registry_tool.forge.github.device_flow import DeviceCode
    from registry_tool.forge.github.rate_limits import Pace
    from registry_tool.forge.tokens.found import TokenStore
    from registry_tool.forge.tokens.token import HostToken

_LONGEST = 5000
host_option = click.option(
    "--host", default="", help="The forge. Default: github.com, or what GITHUB_SERVER_URL names."
)


@click.command()
@host_option
@registry_option
@click.option("--token-stdin", is_flag=True, help="Read a token from standard input.")
@click.option("--provider", default="", help="Of a live registry. Default: its only one.")
@click.option("--client-id", default="", help="Of the OAuth app. Default: the registry's.")
@click.option(
    "--scope", default="", help="Rights to ask for. Default: the registry's, public_repo."
)
@format_option()
def login(
    host: str,
    registry: str,
    token_stdin: bool,
    provider: str,
    client_id: str,
    scope: str,
    format_: str,
) -> None:
    """Log in to a forge: type a code on its page, or hand a token over on standard input.

    With --registry and the address of a live registry, by that registry's provider (OpenID Connect).

    The token is kept in the system's keyring (extra `keyring`), else in a file that only you can read.

    Example: puppy-cli login --token-stdin < token.txt
    """
    from registry_tool.commands.account.login import login as keep
    from registry_tool.commands.account.login import token_by_code
    from registry_tool.forge.tokens.found import token_store
    from registry_tool.forge.tokens.token import checked_secret

    store = token_store(os.environ, print_warning)
    if token_stdin and (live := _live_registry(registry)):
        kept = store.keep(live, checked_secret(_secret()))
        _print_kept(kept, format_)
        return
    if not (token_stdin or client_id or host) and _by_provider(registry, provider, store, format_):
        return
    server = _server(host)
    if token_stdin:
        secret = _secret()
    else:
        from registry_tool.commands.account.client_id import app_of

        app = app_of(server, _trusted(registry), client_id, scope, os.environ)
        secret = token_by_code(server, app.client_id, app.scope, _show, _pace())
    found = keep(store, server, secret, _pace())
    if format_ == "json":
        print_json(found.to_value())
        return
    click.echo(inert(f"{_person(found)}. The token is in {found.token.source}."))


def _by_provider(registry: str, provider: str, store: TokenStore, format_: str) -> bool:
    """Log in to a live registry that has providers; False where none was named, or it has none."""
    live = _live_registry(registry)
    if not live:
        if provider:
            raise UsageError(
                "a provider is a live registry's", hint="name its address with --registry"
            )
        return False
    from registry_tool.commands.account.provider_login import ProviderLogin, chosen_provider

    login = ProviderLogin(chosen_registry(registry).location.rstrip("/"), _pace())
    chosen = chosen_provider(login.providers(), provider)
    if chosen is None:
        return False
    click.echo(inert(f"{live} knows people by {chosen.name} ({chosen.issuer})."), err=True)
    tokens = login.by(chosen, _show)
    _print_kept(store.keep(live, tokens.refresh or tokens.access), format_)
    return True


def _trusted(registry: str) -> str:
    """The registry whose settings may say by which app people log in: none that only a project's file names."""
    chosen = chosen_registry(registry)
    if chosen.order and chosen.order[0].by_project:
        print_warning(
            f"{chosen.order[0].source} names the registry {chosen}, whose app is not used unless you name it: "
            "--registry"
        )
        return ""
    return chosen.location


@click.command()
@host_option
@format_option()
def logout(host: str, format_: str) -> None:
    """Forget the token for a forge, wherever it was kept.

    Example: puppy-cli logout
    """
    from registry_tool.forge.tokens.found import token_store

    server, store = _server(host), token_store(os.environ, print_warning)
    gone, left = store.forget(server.host), store.in_environment(server.host)
    if format_ == "json":
        value: Object = {
            "host": server.host,
            "removed": [*gone],
            "left": left.source if left else None,
        }
        print_json(value)
    elif gone:
        click.echo(inert(f"Logged out of {server.host}: removed from {' and '.join(gone)}."))
        where = f": {server.site}/settings/applications" if _is_forge(server.host) else " there."
        click.echo(inert(f"It stays valid until you revoke it{where}"))
    else:
        click.echo(inert(f"No token for {server.host} was kept."))
    if left:
        print_warning(f"{left.source} still holds a token for {server.host}")


@click.command()
@host_option
@format_option()
def whoami(host: str, format_: str) -> None:
    """Ask the forge who it takes you for: login, numeric id, rights, and where the token comes from.

    Example: puppy-cli whoami --format json
    """
    from registry_tool.commands.account.login import who_am_i
    from registry_tool.forge.tokens.found import token_store

    found = who_am_i(token_store(os.environ, print_warning), _server(host), _pace())
    if format_ == "json":
        print_json(found.to_value())
        return
    click.echo(inert(f"{_person(found)}."))
    if found.account:
        granted = found.account.scopes
        scopes = "the forge doesn't tell" if granted is None else ", ".join(granted) or "none"
        click.echo(inert(f"Rights (scopes): {scopes}"))
        if found.account.expires:
            click.echo(inert(f"Expires: {found.account.expires}"))
    click.echo(inert(f"Token: from {found.token.source}"))


def _live_registry(registry: str) -> str:
    """The host of a registry that was named by its address and is not a repository on a forge; else empty."""
    from registry_tool.commands.author.publishing.destination import forge_repository
    from registry_tool.forge.tokens.token import host_of
    from registry_tool.sources.configuration.location import LocationKind, kind_of

    if not registry:
        return ""
    location = chosen_registry(registry).location
    if kind_of(location) is not LocationKind.ADDRESS or forge_repository(location, os.environ):
        return ""
    return host_of(location)


def _is_forge(host: str) -> bool:
    """Whether a host is known for a forge, and not perhaps a live registry's."""
    from registry_tool.forge.tokens.found import forge_host
    from registry_tool.forge.tokens.token import GITHUB

    return host in {GITHUB, forge_host(os.environ)} or host.endswith(".ghe.com")


def _print_kept(kept: HostToken, format_: str) -> None:
    if format_ == "json":
        print_json({"host": kept.host, "login": None, "id": None, "source": kept.source})
        return
    sentence = (
        f"The token for {kept.host} is in {kept.source}. "
        "It was not tried: publishing shows whether it is good."
    )
    click.echo(inert(sentence))


def _person(found: LoginResult) -> str:
    if found.account is None:
        return f"{found.token.host} names no person for this token (it is a job's or an app's, or it can't tell)"
    return f"Logged in to {found.token.host} as {found.account.login} (id {found.account.id})"


def _server(host: str) -> ForgeServer:
    from registry_tool.commands.account.forge_server import forge_server

    return forge_server(host, os.environ)


def _pace() -> Pace:
    from registry_tool.forge.github import rate_limits

    return rate_limits.Pace(notify=lambda message: click.echo(inert(message), err=True))


def _show(code: DeviceCode) -> None:
    click.echo(inert(f"Open {code.page} and type this code: {code.user_code}"), err=True)
    click.echo(
        f"Waiting for you, {code.seconds / 60:.0f} minutes at most (Ctrl-C ends it).", err=True
    )


def _secret() -> str:
    """What is piped in; on a terminal it is asked for, and not shown."""
    if sys.stdin.isatty():
        return getpass("Token: ")
    text = sys.stdin.read(_LONGEST)
    if not text.strip():
        raise UsageError(
            "standard input is empty", hint="puppy-cli login --token-stdin < token.txt"
        )
    return text


COMMANDS = (login, logout, whoami)

"""Commands on a registry's signatures: keys, roots, and who has still to sign."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.core.clock import SystemClock
from registry_tool.core.errors import UsageError

if TYPE_CHECKING:
    from registry_tool.commands.maintain.trust.status import TrustStatus
    from registry_tool.security.tuf.offline import OfflineRoles

_SHOWN = 16  # characters of a key's id
_FILE = click.Path(path_type=Path, dir_okay=False)
_days = click.option(
    "--days",
    type=click.IntRange(7, 3650),
    default=365,
    show_default=True,
    help="How long root and targets hold.",
)


@click.group()
def trust() -> None:
    """A registry's signatures (The Update Framework): keys, roots, who has still to sign.

    Example: registry-tool trust status
    """


@trust.command("new-key")
@click.argument("file", type=_FILE)
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase that encrypts the file.")
@format_option()
def trust_new_key(file: Path, passphrase: bool, format_: str) -> None:
    """Make an Ed25519 key: FILE, which is yours alone, and FILE.pub, which a root names.

    Example: registry-tool trust new-key root-ada.pem --passphrase
    """
    from registry_tool.commands.maintain.trust.ceremony import new_key

    secret = _asked(confirm=True) if passphrase else ""
    made = new_key(file, secret)
    if format_ == "json":
        print_json({"id": made.id, "private": str(made.private), "public": str(made.public)})
        return
    click.echo(f"The key {made.id[:_SHOWN]} is made: {made.private} (keep it), {made.public}.")


@trust.command("init")
@clone_root
@click.option(
    "--root-key", "root_keys", type=_FILE, multiple=True, required=True, help="A public root key."
)
@click.option("--threshold", type=click.IntRange(1), default=1, show_default=True, help="How many.")
@click.option("--online-key", type=_FILE, required=True, help="The publish job's public key.")
@click.option(
    "--bins", type=click.IntRange(2, 65536), default=256, show_default=True, help="A power of two."
)
@_days
@format_option()
def trust_init(
    root: Path,
    root_keys: tuple[Path, ...],
    threshold: int,
    online_key: Path,
    bins: int,
    days: int,
    format_: str,
) -> None:
    """Write the registry's first root, which names the keys; the holders of root keys then sign it.

    Example: registry-tool trust init --root-key ada.pem.pub --root-key bob.pem.pub --threshold 2
    --online-key publish.pem.pub
    """
    from registry_tool.commands.maintain.trust.ceremony import init

    made = init(
        root,
        root_keys=root_keys,
        online=online_key,
        threshold=threshold,
        bins=bins,
        days=days,
        clock=SystemClock(),
    )
    _tell_roles(made, format_)


@trust.command("root")
@clone_root
@click.option("--add-key", type=_FILE, multiple=True, help="A public root key that is new.")
@click.option("--remove-key", multiple=True, metavar="ID", help="The id of a root key that goes.")
@click.option(
    "--threshold", type=click.IntRange(0), default=0, help="How many; default: as before."
)
@click.option("--online-key", type=_FILE, help="The publish job's public key; default: as before.")
@click.option("--bins", type=click.IntRange(0, 65536), default=0, help="Default: as before.")
@_days
@format_option()
def trust_root(
    root: Path,
    add_key: tuple[Path, ...],
    remove_key: tuple[str, ...],
    threshold: int,
    online_key: Path | None,
    bins: int,
    days: int,
    format_: str,
) -> None:
    """Write the next root: other keys, or the same ones for longer. Enough old and new keys have to sign it.

    Example: registry-tool trust root --remove-key 5bad4691 --add-key carol.pem.pub
    """
    from registry_tool.commands.maintain.trust.ceremony import RootChange, next_root

    change = RootChange(add_key, remove_key, threshold, online_key, bins, days)
    _tell_roles(next_root(root, change, SystemClock()), format_)


@trust.command("sign")
@clone_root
@click.option("--key", type=_FILE, required=True, help="Your private root key.")
@format_option()
def trust_sign(root: Path, key: Path, format_: str) -> None:
    """Sign the newest root and targets with your root key.

    Example: registry-tool trust sign --key root-ada.pem
    """
    from registry_tool.commands.maintain.trust.ceremony import needs_passphrase, sign

    secret = _asked(confirm=False) if needs_passphrase(key) else ""
    _tell_roles(sign(root, key, secret), format_)


@trust.command("status")
@clone_root
@format_option()
def trust_status(root: Path, format_: str) -> None:
    """Which keys count for what, what has still to be signed, and what expires within 30 days.

    Exit code 1 where something is to be done.

    Example: registry-tool trust status
    """
    from registry_tool.commands.maintain.trust.status import status

    found = status(root, SystemClock())
    _tell(found, format_)
    if not found.is_sound:
        raise click.exceptions.Exit(1)


def _asked(*, confirm: bool) -> str:
    if not sys.stdin.isatty():  # it would be echoed, and could stand in a job's log
        raise UsageError("a passphrase is asked for at a terminal", hint="run it in a terminal")
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def _tell_roles(roles: OfflineRoles, format_: str) -> None:
    from registry_tool.commands.maintain.trust.status import status_of

    _tell(status_of(roles, SystemClock().now()), format_)


def _tell(found: TrustStatus, format_: str) -> None:
    if format_ == "json":
        print_json(found.to_value())
        return
    print_table(
        [
            [
                one.name,
                f"{one.threshold} of {len(one.keys)}",
                ", ".join(key[:_SHOWN] for key in one.keys),
                f"until {one.expires[:10]}" if one.expires else "",
            ]
            for one in found.roles
        ],
        empty="",
    )
    for lack in found.missing:
        keys = ", ".join(key[:_SHOWN] for key in lack.keys)
        click.echo(f"{lack.file} lacks {lack.missing} of the signatures of {keys}")
    for role, when in found.expiring:
        click.echo(f"the {role} expires on {when:%Y-%m-%d}: registry-tool trust root renews it")
    if found.is_sound:
        click.echo(f"All is signed. Consumers pin {found.pin}")


COMMANDS = (trust,)

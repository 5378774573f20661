"""Commands on who may ask a live registry for more than what is public: keys for machines, sessions of people."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import state_remote, target_of
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.report.text import inert


@click.group()
def tokens() -> None:
    """Keys and sessions of a live registry: what `Authorization: Bearer …` holds.

    Example: registry-tool tokens new ci-flows --member ada
    """


@tokens.command("new")
@click.argument("name")
@clone_root
@state_remote
@click.option("--member", required=True, help="Whom it acts for: login or id in access.members.")
@click.option("--scope", "scopes", multiple=True, help="What it is for. Default: all but admin.")
@click.option("--workflow", "workflows", multiple=True, help="Only this workflow. Repeatable.")
@click.option("--expires", default="", help="After so long, such as 90d. Default: never.")
@format_option()
def tokens_new(
    name: str,
    root: Path,
    remote: str,
    member: str,
    scopes: tuple[str, ...],
    workflows: tuple[str, ...],
    expires: str,
    format_: str,
) -> None:
    """Make an API key and show it once; the registry keeps only its hash.

    Scopes: read, run, publish, deploy, admin. A key lets nobody do what its member may not.

    Example: registry-tool tokens new ci-flows --member ada --scope publish --expires 90d
    """
    from registry_tool.commands.account.tokens import KeyRequest, new_api_key

    made = new_api_key(
        target_of(root, remote), KeyRequest(name, member, scopes, workflows, expires)
    )
    if format_ == "json":
        print_json(made.to_value())
        return
    click.echo(inert(f"The key {made.key.id} of {made.key.login}, shown once:"), err=True)
    click.echo(made.secret)


@tokens.command("list")
@clone_root
@state_remote
@format_option()
def tokens_list(root: Path, remote: str, format_: str) -> None:
    """Every key and session: whose it is, what it is for, until when.

    Example: registry-tool tokens list --format json
    """
    from registry_tool.commands.account.tokens import list_tokens

    rows = list_tokens(target_of(root, remote))
    if format_ == "json":
        print_json({"tokens": [*rows]})
        return
    print_table(
        [
            [
                str(row["id"]),
                str(row["kind"]),
                str(row["login"]),
                str(row.get("name") or row.get("by") or ""),
                " ".join(map(str, row["scopes"] if isinstance(row["scopes"], list) else [])),
                f"revoked {row['revoked']}"
                if row["revoked"]
                else f"until {row['expires'] or 'revoked'}",
            ]
            for row in rows
        ],
        empty="No token was given out.",
    )


@tokens.command("revoke")
@click.argument("token_id", metavar="ID")
@clone_root
@state_remote
@format_option()
def tokens_revoke(token_id: str, root: Path, remote: str, format_: str) -> None:
    """End a key or a session at once; saying it again does no harm.

    Example: registry-tool tokens revoke 0123456789abcdef
    """
    from registry_tool.commands.account.tokens import revoke

    found = revoke(target_of(root, remote), token_id)
    if format_ == "json":
        print_json({"id": token_id, "kind": found["kind"], "revoked": True})
        return
    click.echo(inert(f"The {found['kind']} {token_id} of {found['login']} counts no longer."))


COMMANDS = (tokens,)

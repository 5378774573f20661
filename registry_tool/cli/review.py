"""Commands that keep the gate: check, check-pr, yank, remove, new."""

from __future__ import annotations

import re
from pathlib import Path

import click

from registry_tool.cli import errors
from registry_tool.cli.completion import complete
from registry_tool.cli.options import clone_root
from registry_tool.cli.output import (
    FINDING_FORMATS,
    counted,
    format_option,
    print_json,
    print_result,
)
from registry_tool.core.files import append_text

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")


@click.command()
@clone_root
@click.option("--fix", is_flag=True, help="First write missing or stale compiled workflows.")
@format_option(FINDING_FORMATS)
def check(root: Path, fix: bool, format_: str) -> None:
    """Check every version of the registry.

    Example: registry-tool check --format github
    """
    from registry_tool.commands.review.check import check as run

    result = run(root, fix=fix)
    print_result(result, format_, root)
    if result.refused:
        raise click.exceptions.Exit(1)


@click.command("check-pr")
@clone_root
@click.option("--base", required=True, help="The branch or commit that would be merged into.")
@click.option("--head", default="HEAD", show_default=True, help="The branch or commit to merge.")
@click.option(
    "--actor-id",
    envvar="ACTOR_ID",
    default="",
    help="The forge's numeric id of who asks. Without it, ownership is not judged.",
)
@click.option("--actor-login", envvar="ACTOR_LOGIN", default="", help="Their login, for messages.")
@click.option(
    "--approved-by", envvar="APPROVED_BY", multiple=True, help="The id of someone who approved it."
)
@click.option(
    "--pusher-id",
    envvar="PUSHER_ID",
    default="",
    help="The id of who pushed the head last, or `unknown`; they are judged like who asks. Default: who asks.",
)
@click.option(
    "--pusher-login", envvar="PUSHER_LOGIN", default="", help="Their login, for messages."
)
@click.option(
    "--accept",
    envvar="LABELS",
    multiple=True,
    help="A label (accept-…) by which a maintainer lets a held request through.",
)
@click.option(
    "--accepted-by",
    envvar="ACCEPTED_BY",
    default="",
    help="The id of who set the label; it counts where they are a maintainer of the registry.",
)
@click.option(
    "--queued",
    envvar="QUEUED",
    is_flag=True,
    help="A merge queue asks: what was held before it was accepted there.",
)
@click.option(
    "--summary", type=click.Path(path_type=Path), default=None, help="Write a review summary."
)
@format_option(FINDING_FORMATS)
def check_pr(
    root: Path,
    base: str,
    head: str,
    actor_id: str,
    actor_login: str,
    approved_by: tuple[str, ...],
    pusher_id: str,
    pusher_login: str,
    accept: tuple[str, ...],
    accepted_by: str,
    queued: bool,
    summary: Path | None,
    format_: str,
) -> None:
    """Check what merging a branch would change; reads git's objects, checks nothing out.

    Exit code 0: fine; 1: refused; 4: held for a human, who accepts it with the label that the review names.

    Example: registry-tool check-pr --base origin/main --actor-id 1001 --format github
    """
    from registry_tool.commands.review.acceptance import acceptance_from, actor_from
    from registry_tool.commands.review.check_pr import check_pr as run
    from registry_tool.commands.review.pr_result import HELD
    from registry_tool.report.summary import summary as review
    from registry_tool.report.without_secrets import without_secrets

    actor = actor_from(actor_id, actor_login, approved_by, pusher_id, pusher_login)
    acceptance = acceptance_from(accept, accepted_by, queued=queued)
    result = run(root, base, head, actor=actor, acceptance=acceptance)
    shown = without_secrets(result.findings, result.text)
    if summary:
        append_text(summary, review(result.new, shown, result.verdict, result.key, result.unread))
    print_result(result, format_, result.text, kind="new version")
    if result.verdict == HELD:
        seen = result.sides.head if result.sides else head
        click.echo(
            f"Held for a human, who accepts the commit {seen} with the label {result.key}.",
            err=True,
        )
        if result.key in acceptance.labels:
            click.echo(
                "The label counts only where a maintainer of the registry sets it.", err=True
            )
        raise click.exceptions.Exit(errors.HELD)
    if result.refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("reference", shell_complete=complete.references)
@clone_root
@click.option("--reason", default="", help="Why; everyone reads it.")
@click.option(
    "--level",
    type=click.Choice(["notice", "warn", "block"]),
    default="block",
    show_default=True,
    help="notice: only shown; warn: said where it is used; block: chosen by no new resolve.",
)
@click.option(
    "--replacement",
    shell_complete=complete.references,
    default="",
    help="A version of the same workflow, or a workflow.",
)
@click.option(
    "--without-successor", is_flag=True, help="Yank the latest version with nothing in its place."
)
@click.option("--undo", is_flag=True, help="Take it back.")
@format_option()
def yank(
    reference: str,
    root: Path,
    reason: str,
    level: str,
    replacement: str,
    without_successor: bool,
    undo: bool,
    format_: str,
) -> None:
    """Say in owners.yaml that a version (name:1.0.0), or a whole workflow (name), should not be used.

    Locks that have it go on, with a warning. Commit the file and open a pull request of its own.

    Example: registry-tool yank keyword-extractor:1.0.0 --reason "It misses words." --replacement 1.0.1
    """
    from registry_tool.commands.maintain.yank import unyank
    from registry_tool.commands.maintain.yank import yank as run
    from registry_tool.manifest.notice import Level, Notice

    if undo:
        file = unyank(root, reference)
    elif not reason:
        raise click.UsageError("say why, with --reason")
    else:
        file = run(root, reference, Notice(reason, Level(level), replacement, without_successor))
    if format_ == "json":
        print_json({"written": str(file)})
    else:
        click.echo(f"written: {file}\nNext: commit it and open a pull request of its own.")


@click.command()
@click.argument("reference", shell_complete=complete.references)
@clone_root
@click.option("--by", "login", default="", help="The maintainer who looked at it.")
@click.option("--undo", is_flag=True, help="Take it back.")
@format_option()
def certify(reference: str, root: Path, login: str, undo: bool, format_: str) -> None:
    """Say in owners.yaml that a maintainer vouches for a version (name:1.0.0): who, and since when.

    Only a pull request that a maintainer makes or approves may change it. Another version needs another word.

    Example: registry-tool certify keyword-extractor:1.0.1 --by puppyai-registry
    """
    from registry_tool.commands.maintain.yank import certify as run
    from registry_tool.commands.maintain.yank import uncertify
    from registry_tool.core.clock import SystemClock

    if undo:
        file = uncertify(root, reference)
    elif not login:
        raise click.UsageError("say who vouches for it, with --by")
    else:
        file = run(root, reference, login, SystemClock().now().date().isoformat())
    if format_ == "json":
        print_json({"written": str(file)})
    else:
        click.echo(f"written: {file}\nNext: commit it and open a pull request of its own.")


@click.command()
@click.argument("reference", shell_complete=complete.references)
@clone_root
@click.option("--reason", required=True, help="Why; everyone reads it.")
@click.option(
    "--undo", is_flag=True, help="Lift a tombstone that was made by mistake, as a maintainer."
)
@format_option()
def remove(reference: str, root: Path, reason: str, undo: bool, format_: str) -> None:
    """Remove a version's files for good and leave a tombstone. A yank is kinder: locks go on working.

    With --undo, a maintainer of the registry takes a tombstone away; the reason stays in owners.yaml.

    Example: registry-tool remove keyword-extractor:1.0.0 --reason "A court asked."
    """
    from registry_tool.commands.maintain.yank import lift
    from registry_tool.commands.maintain.yank import remove as run

    file = (lift if undo else run)(root, reference, reason)
    if format_ == "json":
        print_json({"lifted" if undo else "removed": reference, "written": str(file)})
    elif undo:
        click.echo(f"lifted: {reference}\nwritten: {file}")
        click.echo(
            "Next: where the version had been published, bring the same files back "
            "(git checkout COMMIT^ -- FOLDER, of the commit that removed them); "
            "commit, and open a pull request as a maintainer of the registry."
        )
    else:
        click.echo(
            f"removed: {reference}\nwritten: {file}\nNext: commit both; a maintainer decides."
        )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called. Default: the folder's name.")
@click.option("--owner", required=True, help="Your login on the forge.")
@click.option("--owner-id", required=True, type=click.IntRange(1), help="Your numeric id there.")
@format_option()
def new(folder: Path, name: str, owner: str, owner_id: int, format_: str) -> None:
    """Start a private registry: settings, Action files, CODEOWNERS, a first workflow, a README.

    Example: registry-tool new our-workflows --owner ada --owner-id 1001
    """
    from registry_tool.commands.maintain.new import new_registry
    from registry_tool.manifest.owners import OwnerAccount

    if not LOGIN.fullmatch(owner):
        raise click.UsageError(f"{owner!r} is not a login")
    made = new_registry(folder, name or folder.resolve().name, OwnerAccount(owner, owner_id))
    if format_ == "json":
        print_json({"folder": str(made.folder), "written": [str(path) for path in made.files]})
        return
    click.echo(f"{made.folder}: {counted(len(made.files), 'file')} written.")
    click.echo(
        f"Next: cd {made.folder} && registry-tool check, then git init, commit and push. "
        "README.md says what to set up on the forge."
    )


COMMANDS = (
    check,
    check_pr,
    yank,
    remove,
    certify,
    new,
)

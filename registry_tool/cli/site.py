"""Commands that make what readers see: index, build, publish."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import clone_root
from registry_tool.cli.output import format_option, print_json, print_warning
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import append_text
from registry_tool.core.values import Object
from registry_tool.security.tuf.pin import ONLINE_KEY

if TYPE_CHECKING:
    from registry_tool.commands.maintain.output.existing import BuildResult
    from registry_tool.commands.maintain.publish import PublishResult


@click.command()
@clone_root
@click.option(
    "--check", "check_only", is_flag=True, help="Write nothing; fail where something is stale."
)
@format_option()
def index(root: Path, check_only: bool, format_: str) -> None:
    """Regenerate the index documents.

    Example: registry-tool index --check
    """
    from registry_tool.commands.maintain.index import index as run

    result = run(root, check_only=check_only)
    if format_ == "json":
        stale = [str(path) for path in result.stale]
        print_json({"stale" if check_only else "written": [*stale], "current": result.current})
    else:
        for path in result.stale:
            click.echo(f"{'stale' if check_only else 'written'}: {path}")
        click.echo(f"{result.current} documents were current.")
    if check_only and result.stale:
        raise click.exceptions.Exit(1)


@click.command("build-site")
@clone_root
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write.")
@click.option(
    "--commit", default="", help="The commit to name. Default: that of a clone without edits."
)
@click.option("--base-url", default="", help="Where the site will be served.")
@click.option(
    "--full", is_flag=True, help="Build everything again, whatever the folder has already."
)
@format_option()
def build(root: Path, out: Path, commit: str, base_url: str, full: bool, format_: str) -> None:
    """Build the static API, the packages and the catalogue site.

    Example: registry-tool build-site --out build/site
    """
    from registry_tool.commands.maintain.build import build as run

    key = os.environ.get(ONLINE_KEY, "")
    result = run(root, out, commit=commit, base_url=base_url, full=full, trust_key=key)
    if format_ == "json":
        print_json({"out": str(out), **_counts(result)})
    else:
        click.echo(
            f"{result.written} files written, {result.kept} kept, {result.removed} removed in {out}."
        )
    _warn_of_pages(result.unmade, None)
    _warn_of_size(result.size)


@click.command("publish-site")
@clone_root
@click.option("--remote", default="", help="The remote to commit to. Default: this repository.")
@click.option("--branch", default="main", show_default=True, help="The branch of the registry.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to build in.")
@click.option("--site-branch", default="", help="The branch to build on, such as site.")
@click.option("--base-url", default="", help="Where the site will be served.")
@click.option(
    "--summary", type=click.Path(path_type=Path), help="Append to it, in Markdown, what went wrong."
)
@format_option()
def publish(
    root: Path,
    remote: str,
    branch: str,
    out: Path | None,
    site_branch: str,
    base_url: str,
    summary: Path | None,
    format_: str,
) -> None:
    """Check what is new, commit stale indexes and build the output: the `publish` job.

    Everything is checked and built where the output is new; after that, what differs.

    Example: registry-tool publish-site --remote origin --site-branch site
    """
    from registry_tool.commands.maintain.publish import publish as run

    result = run(
        root,
        out,
        branch=branch,
        remote=remote,
        base_url=base_url,
        site_branch=site_branch,
        trust_key=os.environ.get(ONLINE_KEY, ""),
    )
    if result.behind:
        click.echo(f"warning: {result.behind}", err=True)
    if format_ == "json":
        print_json(
            {
                "commit": result.commit,
                "regenerated": [str(path) for path in result.stale],
                "indexes_branch": result.index_branch or branch,
                "out": str(out) if out else None,
                "site_branch": site_branch or None,
                **_counts(result.built),
            }
        )
    else:
        _print_result(result, branch, f"to {out}" if out else f"on the branch {site_branch}")
    _warn_of_pages(result.built.unmade, summary)
    _warn_of_size(result.built.size)
    _tell_receivers(root, result, base_url)


@click.command("refresh-stats")
@clone_root
@click.option("--remote", default="", help="The remote to commit to. Default: this repository.")
@click.option("--branch", default="main", show_default=True, help="The branch of the registry.")
@format_option()
def refresh_stats(root: Path, remote: str, branch: str, format_: str) -> None:
    """Ask the forge for downloads and ratings, and commit those that changed.

    Downloads are those of packages in releases, ratings come from reactions to each workflow's discussion.

    Example: registry-tool refresh-stats --remote origin
    """
    from registry_tool.commands.maintain.stats.refresh import refresh_stats as run

    result = run(root, branch=branch, remote=remote)
    if format_ == "json":
        print_json(result.to_value())
        return
    for path in result.written:
        click.echo(f"written: {path}")
    counted = result.counted
    click.echo(
        f"{len(counted.downloads)} workflows with downloads, {len(counted.ratings)} with a rating."
    )


def _tell_receivers(root: Path, result: PublishResult, base_url: str) -> None:
    """Notify receivers of what was published; it is published, whatever becomes of that."""
    from registry_tool.cli.notify import warn_of_undelivered
    from registry_tool.commands.notify.published import send_published

    try:
        warn_of_undelivered(send_published(root, result, base_url, os.environ))
    except RegistryError as error:
        print_warning(f"no receiver was notified of what was published: {error}")


def _print_result(result: PublishResult, branch: str, place: str) -> None:
    for path in result.stale:
        click.echo(f"regenerated: {path}")
    if result.index_branch:
        click.echo(
            f"{branch} is protected, so the indexes stand on the branch {result.index_branch}."
        )
    click.echo(f"{result.commit} is published; {result.built.written} files written {place}.")


def _counts(built: BuildResult) -> Object:
    """A built output as JSON; `unmade` are the pages that stand as plain notices."""
    return {
        "written": built.written,
        "kept": built.kept,
        "removed": built.removed,
        "size": built.size,
        "unmade": list(built.unmade),
    }


def _warn_of_pages(unmade: Sequence[str], summary: Path | None) -> None:
    """Say loudly which pages stand as plain notices: the rest is published."""
    from registry_tool.report.text import inert

    lines = [inert(" ".join(one.split())) for one in unmade]
    for one in lines:
        click.echo(
            f"warning: a page stands as a plain notice, since it can't be made: {one}", err=True
        )
    if lines and summary:
        head = "## Pages that can't be made\n\nThey stand as plain notices; all else is published."
        append_text(summary, f"{head}\n\n" + "".join(f"    {one}\n" for one in lines))


def _warn_of_size(size: int) -> None:
    from registry_tool.commands.maintain.output.hosting import too_large

    if warning := too_large(size):
        click.echo(f"warning: {warning}", err=True)


COMMANDS = (
    index,
    build,
    publish,
    refresh_stats,
)

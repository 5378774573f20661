"""`registry-tool`: what maintainers and Action jobs run."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from registry_tool import __version__
from registry_tool.cli import errors
from registry_tool.cli.output import (
    FINDING_FORMATS,
    counted,
    format_option,
    print_findings,
    print_json,
)

_root = click.option(
    "--root", type=click.Path(path_type=Path), default=Path(), help="The registry's folder."
)


_env = click.option(
    "--env", "environment", required=True, envvar="ENVIRONMENT", help="The environment."
)
_state_remote = click.option(
    "--remote",
    default="",
    help="The remote whose branch holds the state. Default: this repository.",
)

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")


def _request(example: str) -> Callable[[Any], Any]:
    return click.option("--request", required=True, envvar="REQUEST", help=f"JSON: {example}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Keep a workflow registry honest: check it, index it, build its site, deploy and run from it.

    Example: registry-tool check --root .
    """


@cli.command()
@_root
@click.option("--fix", is_flag=True, help="First write missing or stale compiled workflows.")
@format_option(FINDING_FORMATS)
def check(root: Path, fix: bool, format_: str) -> None:
    """Check every version of the registry.

    Example: registry-tool check --format github
    """
    from registry_tool.commands.check import check as run

    result = run(root, fix=fix)
    print_findings(
        result.findings,
        result.to_value(),
        format_,
        root,
        f"{counted(result.versions, 'version')} checked, nothing found.",
    )
    if result.refused:
        raise click.exceptions.Exit(1)


@cli.command("check-pr")
@_root
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
    "--accept",
    envvar="LABELS",
    multiple=True,
    help="A label (accept-…) by which a maintainer lets a held request through.",
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
    accept: tuple[str, ...],
    summary: Path | None,
    format_: str,
) -> None:
    """Check what merging a branch would change; reads git's objects, checks nothing out.

    Exit code 0: fine; 1: refused; 4: held for a human, who accepts it with the label that is told.

    Example: registry-tool check-pr --base origin/main --actor-id 1001 --format github
    """
    from registry_tool.commands.check_pr import HELD, actor_from, labels_in
    from registry_tool.commands.check_pr import check_pr as run
    from registry_tool.report.summary import summary as review

    actor = actor_from(actor_id, actor_login, approved_by)
    result = run(root, base, head, actor=actor, accepted=labels_in(accept))
    if summary:
        with summary.open("a", encoding="utf-8") as file:
            file.write(review(result.new, result.findings, result.verdict, result.key))
    fine = f"{counted(result.versions, 'new version')} checked, nothing found."
    print_findings(result.findings, result.to_value(), format_, result.text, fine)
    if not result.actor_known and format_ == "text":
        click.echo("Ownership was not judged: no --actor-id was given.", err=True)
    if result.verdict == HELD:
        click.echo(f"Held for a human, who accepts it with the label {result.key}.", err=True)
        raise click.exceptions.Exit(errors.HELD)
    if result.refused:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("reference")
@_root
@click.option("--reason", default="", help="Why; everyone reads it.")
@click.option(
    "--level",
    type=click.Choice(["notice", "warn", "block"]),
    default="block",
    show_default=True,
    help="notice: only shown; warn: said where it is used; block: chosen by no new resolve.",
)
@click.option("--replacement", default="", help="A version of the same workflow, or a workflow.")
@click.option(
    "--without-successor", is_flag=True, help="Yank the latest version with nothing in its place."
)
@click.option("--undo", is_flag=True, help="Take it back.")
def yank(
    reference: str,
    root: Path,
    reason: str,
    level: str,
    replacement: str,
    without_successor: bool,
    undo: bool,
) -> None:
    """Say in owners.yaml that a version (name:1.0.0), or a whole workflow (name), should not be used.

    Locks that have it go on, with a warning. Commit the file and open a pull request of its own.

    Example: registry-tool yank keyword-extractor:1.0.0 --reason "It misses words." --replacement 1.0.1
    """
    from registry_tool.commands.notices import unyank
    from registry_tool.commands.notices import yank as run
    from registry_tool.manifest.notice import Level, Notice

    if undo:
        file = unyank(root, reference)
    elif not reason:
        raise click.UsageError("say why, with --reason")
    else:
        file = run(root, reference, Notice(reason, Level(level), replacement, without_successor))
    click.echo(f"written: {file}\nNext: commit it and open a pull request of its own.")


@cli.command()
@click.argument("reference")
@_root
@click.option("--reason", required=True, help="Why; everyone reads it.")
def remove(reference: str, root: Path, reason: str) -> None:
    """Remove a version's files for good and leave a tombstone. A yank is kinder: locks go on working.

    Example: registry-tool remove keyword-extractor:1.0.0 --reason "A court asked."
    """
    from registry_tool.commands.notices import remove as run

    file = run(root, reference, reason)
    click.echo(f"removed: {reference}\nwritten: {file}\nNext: commit both; a maintainer decides.")


@cli.command()
@_root
@click.option(
    "--check", "check_only", is_flag=True, help="Write nothing; fail where something is stale."
)
def index(root: Path, check_only: bool) -> None:
    """Regenerate the index documents.

    Example: registry-tool index --check
    """
    from registry_tool.commands.index import index as run

    result = run(root, check_only=check_only)
    for path in result.stale:
        click.echo(f"{'stale' if check_only else 'written'}: {path}")
    click.echo(f"{result.current} documents were current.")
    if check_only and result.stale:
        raise click.exceptions.Exit(1)


@cli.command()
@_root
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write.")
@click.option("--commit", default="", help="The commit to name in index.json.")
@click.option("--base-url", default="", help="Where the site will be served.")
def build(root: Path, out: Path, commit: str, base_url: str) -> None:
    """Build the static API, the packages and the catalogue site.

    Example: registry-tool build --out build/site
    """
    from registry_tool.commands.build import build as run

    result = run(root, out, commit=commit, base_url=base_url)
    click.echo(
        f"{result.written} files written, {result.kept} kept, {result.removed} removed in {out}."
    )


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(folder: Path, port: int, host: str) -> None:
    """Serve a built site until Ctrl-C.

    Example: registry-tool serve build/site --port 8080
    """
    from registry_tool.commands.serve import serve as run

    run(
        folder,
        host,
        port,
        lambda address: click.echo(f"The site is at {address} (Ctrl-C ends it)."),
    )


@cli.command()
@_root
@click.option("--remote", default="", help="The remote to commit to. Default: this repository.")
@click.option("--branch", default="main", show_default=True, help="The branch of the registry.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to build.")
@click.option("--base-url", default="", help="Where the site will be served.")
def publish(root: Path, remote: str, branch: str, out: Path, base_url: str) -> None:
    """Check everything, commit stale indexes and build the output: the `publish` job.

    Example: registry-tool publish --remote origin --out build/site
    """
    from registry_tool.commands.publish import publish as run

    result = run(root, out, branch=branch, remote=remote, base_url=base_url)
    for path in result.stale:
        click.echo(f"regenerated: {path}")
    click.echo(f"{result.commit} is published; {result.built.written} files written to {out}.")


@cli.command()
@_root
@_env
@_request('{"workflow": "sentiment-analysis:1.2.0"}')
@_state_remote
def deploy(root: Path, environment: str, request: str, remote: str) -> None:
    """Bring a version into an environment: the `deploy` job.

    Example: registry-tool deploy --env staging --request '{"workflow": "sentiment-analysis:1.2.0"}'
    """
    from registry_tool.cli.operate import tell
    from registry_tool.commands.deploy import Target, rollback
    from registry_tool.commands.deploy import deploy as run
    from registry_tool.commands.request import read_deploy_request

    target, wanted = Target(root, remote), read_deploy_request(request)
    deployment = (
        rollback(target, wanted.workflow, environment, tell=tell)
        if wanted.rollback
        else run(target, wanted.workflow, environment, tell)
    )
    print_json(deployment.to_value())


@cli.command()
@_root
@_env
@_request('{"workflow": "sentiment-analysis", "inputs": {"text": "Hello"}}')
@_state_remote
@click.option("--execution-id", default="", envvar="EXECUTION_ID", help="Default: a random one.")
@click.option("--result", type=click.Path(path_type=Path), default=None, help="Write the result.")
@click.option("--log", type=click.Path(path_type=Path), default=None, help="Write the JSON log.")
@click.option("--metrics", type=click.Path(path_type=Path), default=None, help="Write OpenMetrics.")
def execute(
    root: Path,
    environment: str,
    request: str,
    remote: str,
    execution_id: str,
    result: Path | None,
    log: Path | None,
    metrics: Path | None,
) -> None:
    """Run what an environment serves: the `execute` job. The JSON log goes to standard output, too.

    Example: registry-tool execute --env staging --request '{"workflow": "keyword-extractor"}'
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.execute import Sinks, write_result
    from registry_tool.commands.execute import execute as run
    from registry_tool.commands.request import read_execute_request

    wanted = read_execute_request(request)
    done = run(
        Target(root, remote),
        wanted.workflow,
        environment,
        wanted.inputs,
        provider=wanted.provider,
        execution_id=execution_id,
        sinks=Sinks(sys.stdout, log, metrics),
    )
    if result:
        write_result(result, done)
    if done.error:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called. Default: the folder's name.")
@click.option("--owner", required=True, help="Your login on the forge.")
@click.option("--owner-id", required=True, type=click.IntRange(1), help="Your numeric id there.")
def new(folder: Path, name: str, owner: str, owner_id: int) -> None:
    """Start a private registry: settings, Action files, CODEOWNERS, a first workflow, a README.

    Example: registry-tool new our-workflows --owner ada --owner-id 1001
    """
    from registry_tool.commands.new_registry import new_registry
    from registry_tool.manifest.owners import Person

    if not LOGIN.fullmatch(owner):
        raise click.UsageError(f"{owner!r} is no login")
    made = new_registry(folder, name or folder.resolve().name, Person(owner, owner_id))
    click.echo(f"{made.folder}: {counted(len(made.files), 'file')} written.")
    click.echo(
        f"Next: cd {made.folder} && registry-tool check, then git init, commit and push. "
        "README.md says what to set up on the forge."
    )


def main() -> None:
    """The console script."""
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))

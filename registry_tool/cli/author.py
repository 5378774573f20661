"""Commands for authors: init, validate, test, build, publish, import, models, doctor."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import clone_place, provider_option, registry_option, registry_place
from registry_tool.cli.output import (
    FINDING_FORMATS,
    format_option,
    print_findings,
    print_json,
    print_warning,
)
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.candidate import UnpublishedVersion
    from registry_tool.manifest.owners import OwnerAccount

_project = click.argument("path", type=click.Path(path_type=Path), default=Path())


@click.command()
@click.argument("name")
@click.option("--template", default="text", show_default=True, help="text or code.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=None, help="Default: ./NAME.")
def init(name: str, template: str, out: Path | None) -> None:
    """Start a project that validates, tests and builds at once.

    Example: puppy-cli init my-workflow
    """
    from registry_tool.commands.author.init import init as run

    made = run(name, template, out or Path(name))
    for path in made.files:
        click.echo(f"written: {path}")
    click.echo(f"Next: cd {made.folder} && puppy-cli validate && puppy-cli test && puppy-cli build")


@click.command()
@_project
@registry_option
@format_option(FINDING_FORMATS)
def validate(path: Path, registry: str, format_: str) -> None:
    """Check a project (or a published version's folder) against every rule.

    Example: puppy-cli validate my-workflow
    """
    from registry_tool.commands.author.validate import validate as run

    result = run(path, registry_place(registry))
    print_findings(
        result.findings, result.to_value(), format_, Path(), "Nothing found.", result.not_checked
    )
    if result.refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("reference", default=".")
@registry_option
@provider_option
@click.option(
    "--record", is_flag=True, help="Ask a model for what isn't recorded yet, and keep it."
)
@click.option("--refresh", is_flag=True, help="Ask a model for everything again.")
@click.option("--runs", type=click.IntRange(1, 1000), default=None, help="Runs of each case.")
@click.option("--junit", type=click.Path(path_type=Path), default=None, help="Write a JUnit file.")
@format_option()
def test(
    reference: str,
    registry: str,
    provider: str | None,
    record: bool,
    refresh: bool,
    runs: int | None,
    junit: Path | None,
    format_: str,
) -> None:
    """Run a workflow's own tests, on recorded answers unless told otherwise. Without any, it fails.

    Example: puppy-cli test sentiment-analysis:1.2.0
    """
    from registry_tool.core.same_file import demand_distinct
    from registry_tool.report.tests import junit_xml, text_of_tests
    from registry_tool.runtime.run_tests import HowToTest, test_reference
    from registry_tool.sources.reference import own_files

    demand_distinct(junit, "--junit", own_files(reference))
    how = HowToTest(provider or "", record, refresh, runs)
    report = test_reference(reference, registry_place(registry), how)
    if junit:
        from registry_tool.core.files import write_atomic

        write_atomic(junit, junit_xml(report.reference, report.cases))
    if format_ == "json":
        print_json(report.to_value())
    else:
        click.echo(text_of_tests(report.reference, report.cases, report.stale))
    if not report.passed or not report.cases:
        raise click.exceptions.Exit(1)


@click.command()
@_project
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("dist"))
def build(path: Path, out: Path) -> None:
    """Build NAME-VERSION.wfpkg from a project: the same bytes every time.

    Example: puppy-cli build my-workflow
    """
    from registry_tool.commands.author.build import build_package

    made = build_package(path, out)
    click.echo(f"{made.path}  {made.size} bytes  {made.digest}")


@click.command()
@click.argument("reference")
@registry_option
@format_option()
def verify(reference: str, registry: str, format_: str) -> None:
    """Check that a package or version is what it says: form, digest, compiled workflow, recorded tests.

    Example: puppy-cli verify sentiment-analysis-1.2.0.wfpkg
    """
    from registry_tool.commands.author.verify import verify as run
    from registry_tool.report.tests import text_of_tests

    result = run(reference, registry_place(registry))
    if format_ == "json":
        print_json(result.to_value())
    else:
        program = result.opened.program
        click.echo(text_of_tests(program.workflow.reference, result.report.cases))
        click.echo(f"{program.workflow.reference}  {program.digest}")
    if not result.report.passed:
        raise click.exceptions.Exit(1)


@click.command()
@_project
@registry_option
@click.option("--base", default="HEAD", show_default=True, help="What the branch starts from.")
@click.option("--remote", default="", help="Push the branch there and open the pull request.")
@click.option("--dry-run", is_flag=True, help="Only say what would be published, and judge it.")
@click.option("--owner", default="", help="Your login, for a workflow's first version.")
@click.option("--owner-id", type=click.IntRange(1), default=None, help="Your numeric id there.")
@format_option(FINDING_FORMATS)
def publish(
    path: Path,
    registry: str,
    base: str,
    remote: str,
    dry_run: bool,
    owner: str,
    owner_id: int | None,
    format_: str,
) -> None:
    """Put a project's version on a branch of the registry's clone, and with --remote open the pull request.

    Said again, it goes on where it stopped: the same files are told to be there already, others update the branch.
    --format is for what --dry-run finds.

    Example: puppy-cli publish my-workflow --registry ../workflow-registry
    """
    from registry_tool.commands.author.candidate import candidate_of
    from registry_tool.manifest.owners import OwnerAccount

    if bool(owner) != bool(owner_id):
        lacks = "--owner-id" if owner else "--owner"
        raise click.UsageError(
            f"{lacks} is missing: --owner is your login, --owner-id your numeric id "
            "(https://api.github.com/users/LOGIN tells it)"
        )
    person = OwnerAccount(owner, owner_id) if owner and owner_id else None
    location, candidate = registry_place(registry), candidate_of(path)
    if dry_run:
        _dry_run(candidate, location, base, person, format_)
    else:
        _publish(candidate, clone_place(registry), base, remote, person)


def _dry_run(
    candidate: UnpublishedVersion,
    location: str,
    base: str,
    person: OwnerAccount | None,
    format_: str,
) -> None:
    """What would be published, every finding on it, and what could not be judged."""
    from registry_tool.commands.author.base_registry import ground_of
    from registry_tool.commands.author.candidate import judge_candidate

    result = judge_candidate(ground_of(location, base), candidate, person)
    files = [f"{candidate.location}/{path}" for path in sorted(candidate.files)]
    if format_ == "text":
        click.echo("\n".join(files))
    value: Object = {**result.to_value(), "files": list[Value](files)}
    print_findings(result.findings, value, format_, Path(), "Nothing found.", result.not_checked)
    if result.refused:
        raise click.exceptions.Exit(1)


def _publish(
    candidate: UnpublishedVersion, root: Path, base: str, remote: str, person: OwnerAccount | None
) -> None:
    from registry_tool.commands.author.publish import SAME, UPDATED, open_pull_request, propose

    name, version = candidate.name, candidate.version
    proposed = propose(root, candidate, base=base, owner=person, remote=remote)
    branch = proposed.branch
    words = {
        SAME: f"{name}:{version} is on the branch {branch} already, with the same files.",
        UPDATED: f"{name}:{version} is on the branch {branch}, which got a further commit.",
    }
    click.echo(words.get(proposed.state, f"{name}:{version} is on the branch {branch}."))
    if proposed.filled:
        click.echo(f"Filled in on the branch: metadata.{', metadata.'.join(proposed.filled)}.")
    for key, value in proposed.kept.items():
        click.echo(f"Kept as you wrote it: metadata.{key} ({inert(value)}).")
    for reason in proposed.held:
        print_warning(f"the pull request will wait for a maintainer: {reason}")
    if proposed.note:
        print_warning(proposed.note)
    if remote:
        click.echo(open_pull_request(root, branch, remote, f"Publish {name} {version}"))
    else:
        there = "" if root.resolve() == Path.cwd() else f"-C {shlex.quote(str(root))} "
        click.echo(f"Next: git {there}push origin {branch}, then open a pull request from it.")


@click.command("import")
@click.argument("kind", type=click.Choice(["puppyflow"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=None, help="The project.")
@format_option()
def import_(kind: str, file: Path, out: Path | None, format_: str) -> None:
    """Turn an editor's export into a project; tells what could not be carried over.

    Example: puppy-cli import puppyflow export.json -o my-workflow
    """
    from registry_tool.commands.author.import_workflow import import_puppyflow

    result = import_puppyflow(file, out)
    if format_ == "json":
        print_json(result.to_value())
        return
    click.echo(f"{result.project}: {result.blocks} blocks, {result.edges} edges.")
    for kept in result.kept:
        click.echo(f"  what stood there is now {kept}")
    for item in result.not_carried:
        click.echo(f"  not carried over: {item}")
    click.echo(f"Next: {result.next_steps}")


@click.group()
def models() -> None:
    """The embedded models: one that answers, one that embeds.

    Example: puppy-cli models install
    """


@models.command()
def install() -> None:
    """Fetch the embedded models (177 MB, once).

    Example: puppy-cli models install
    """
    from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING

    for weights in (CHAT, EMBEDDING):
        click.echo(f"{weights.model} is here: {weights.install()}")


@click.command()
@click.option(
    "--github", is_flag=True, help="Compare the registry's repository with docs/github.md."
)
@click.option(
    "--registry",
    "--root",
    "root",
    type=click.Path(path_type=Path),
    default=Path(),
    help="With --github: the registry's clone. Default: this folder.",
)
@click.option("--remote", default="", help="With --github: the clone's remote. Default: origin.")
@format_option()
def doctor(github: bool, root: Path, remote: str, format_: str) -> None:
    """Say what is missing on this machine and how to get it; with --github, what is missing there.

    Exit code 1 with --github: something is missing, or was not seen.

    Example: puppy-cli doctor
    """
    from registry_tool.commands.author.doctor import doctor as run

    if github:
        _doctor_github(root, remote, format_)
        return

    parts = run()
    if format_ == "json":
        print_json({"parts": [part.to_value() for part in parts]})
        return
    for part in parts:
        mark = "ok     " if part.found else "missing"
        click.echo(f"{mark}  {part.name}: {part.about}")
        if not part.found:
            click.echo(f"         {part.hint}")


def _doctor_github(root: Path, remote: str, format_: str) -> None:
    from registry_tool.commands.author.doctor_github import SettingStatus, doctor_github
    from registry_tool.commands.jobs.dispatch import Via, forge_of
    from registry_tool.state.target import Target

    forge = forge_of(Via.GITHUB, root, remote, os.environ)
    assert forge is not None  # noqa: S101 - only Via.LOCAL and Via.AUTO give none
    found = doctor_github(forge.settings, Target(root).settings().environments)
    if format_ == "json":
        print_json({"settings": [one.to_value() for one in found]})
    else:
        for one in found:
            click.echo(inert(f"{one.seen.value:<8}  {one.name}: {one.about}"))
            if one.seen is not SettingStatus.FINE:
                click.echo(inert(f"          {one.hint}"))
    if any(one.seen is not SettingStatus.FINE for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (init, validate, test, build, verify, publish, import_, models, doctor)

"""Commands for consumers: list, search, info, versions, diff, tree, install, bundle, sbom."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.errors import wants_colour
from registry_tool.cli.options import (
    chosen_registry,
    registry_for,
    registry_option,
)
from registry_tool.cli.output import (
    counted,
    format_option,
    notice_word,
    print_json,
    print_table,
    print_warning,
)
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.sources.search import SearchResults


_ORDERS = ("relevance", "updated", "downloads", "rating", "score", "name")
sort_option = click.option("--sort", type=click.Choice(_ORDERS), help="The order.")


@click.command("list")
@click.argument("query", nargs=-1)
@click.option("--category", default="", help="Only of this category.")
@click.option("--author", default="", help="Only by this author.")
@click.option("--tag", default="", help="Only with this tag.")
@sort_option
@registry_option
@format_option()
def list_(
    query: tuple[str, ...],
    category: str,
    author: str,
    tag: str,
    sort: str | None,
    registry: str,
    format_: str,
) -> None:
    """List the workflows of a registry by name; a QUERY, such as `model:gpt-4 offline:no`, leaves those it finds.

    Example: puppy-cli list --tag nlp --sort updated
    """
    from registry_tool.commands.consume.read import list_workflows, search_workflows

    chosen = chosen_registry(registry)
    if not query and not sort:
        print_summaries(list_workflows(chosen, category, author, tag), format_)
        return
    filtered = _with_filters(query, {"category": category, "author": author, "tag": tag})
    print_results(search_workflows(chosen, filtered, sort or "name"), 0, format_)


def _with_filters(query: tuple[str, ...], filters: Mapping[str, str]) -> str:
    return " ".join([*query, *(f'{name}:"{value}"' for name, value in filters.items() if value)])


@click.command()
@click.argument("query", nargs=-1, required=True)
@sort_option
@click.option("--limit", type=click.IntRange(0), default=20, help="At most so many; 0: all.")
@registry_option
@format_option()
def search(
    query: tuple[str, ...], sort: str | None, limit: int, registry: str, format_: str
) -> None:
    """Find workflows as the catalogue's search does: by words, typos and Chinese included, and by qualifiers.

    Qualifiers are tag:, author:, category:, licence:, model:, provider:, edge:, block:, offline:, certified:,
    deprecated:, score:, downloads:, rating:, updated: and sort:. One with a minus in front stands behind `--`.

    Example: puppy-cli search sentiment tag:nlp model:gpt-4 "score:>=80"
    """
    from registry_tool.commands.consume.read import search_workflows

    found = search_workflows(chosen_registry(registry), " ".join(query), sort or "")
    print_results(found, limit, format_)


def print_results(found: SearchResults, limit: int, format_: str) -> None:
    """What a search found; how the words were read, and what was left out, on standard error."""
    shown = found.first(limit)
    if format_ == "json":
        about: Object = {
            "total": found.total,
            "corrected": cast(Value, found.corrected),
            "split": list(found.split),
            "relaxed": found.relaxed,
        }
        print_json({"workflows": list[Value](shown), **about})
        return
    for note in found.notes():
        print_warning(note)
    print_summaries(cast(list[dict[str, object]], shown), format_)
    if len(shown) < found.total and limit:
        click.echo(f"{len(shown)} of {found.total}; --limit 0 shows all.", err=True)


def print_summaries(found: list[dict[str, object]], format_: str) -> None:
    """WorkflowSummary objects as a table or JSON."""
    if format_ == "json":
        print_json({"workflows": found})  # type: ignore[dict-item]
        return
    print_table(
        [[str(s["name"]), str(s["version"]), str(s["description"])] for s in found],
        empty="No workflow found.",
    )


@click.command()
@click.argument("reference", shell_complete=complete.references)
@registry_option
@format_option()
def info(reference: str, registry: str, format_: str) -> None:
    """What a workflow is, takes and gives.

    Example: puppy-cli info sentiment-analysis
    """
    from registry_tool.commands.consume.read import info as run
    from registry_tool.report.info import info_text

    found = run(reference, registry_for(registry, reference))
    if format_ == "json":
        print_json(found)
    else:
        click.echo(info_text(found))


@click.command()
@click.argument("name", shell_complete=complete.names)
@registry_option
@format_option()
def versions(name: str, registry: str, format_: str) -> None:
    """All versions of a workflow, newest first.

    Example: puppy-cli versions sentiment-analysis
    """
    from registry_tool.commands.consume.read import versions as run

    found = run(name, chosen_registry(registry))
    if format_ == "json":
        print_json({"versions": found})  # type: ignore[dict-item]
        return
    print_table(
        [[str(v["version"]), notice_word(v["notice"]), str(v["digest"])] for v in found],
        empty="No version found.",
    )


@click.command()
@click.argument("old", shell_complete=complete.references)
@click.argument("new", shell_complete=complete.references)
@registry_option
@format_option()
def diff(old: str, new: str, registry: str, format_: str) -> None:
    """What changed between two versions, and the release that it asks for. A project's folder works, too.

    Example: puppy-cli diff sentiment-analysis:1.1.0 sentiment-analysis:1.2.0
    """
    from registry_tool.commands.consume.diff import diff as run
    from registry_tool.report.diff import diff_text

    found = run(old, new, registry_for(registry, new))
    if format_ == "json":
        print_json(found.to_value())
    elif not found.changes:
        click.echo("Nothing differs but words that don't count.")
    else:
        click.echo(diff_text(found.old, found.new, found.changes, colour=wants_colour(sys.stdout)))
        click.echo(
            f"\nThis asks for a {found.required} release after {found.old.version}: "
            f"{found.suggested} or higher."
        )


@click.command()
@click.argument("reference", shell_complete=complete.references)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Default: standard output.")
@registry_option
def sbom(reference: str, out: Path | None, registry: str) -> None:
    """What a workflow is made of and asks, with all that it may call, as a CycloneDX document (JSON).

    Models, services and hosts, imports of its code, required workflows with their digests, licence, files. The
    same versions give the same bytes.

    Example: puppy-cli sbom review-digest -o review-digest.cdx.json
    """
    from registry_tool.commands.consume.sbom import sbom as run

    found = run(reference, registry_for(registry, reference))
    if out:
        from registry_tool.core.files import pretty_json, write_atomic

        write_atomic(out, pretty_json(found))
    else:
        print_json(found, keep=found)  # a document of its own form, digests and authors included


@click.command()
@click.argument("reference", shell_complete=complete.references)
@registry_option
@format_option()
def tree(reference: str, registry: str, format_: str) -> None:
    """The dependencies of a workflow, as they would be chosen now.

    Example: puppy-cli tree review-digest
    """
    from registry_tool.commands.consume.read import dependency_tree

    found = dependency_tree(reference, registry_for(registry, reference))
    if format_ == "json":
        print_json({"tree": [branch.to_value() for branch in found]})
        return
    for branch in found:
        click.echo("  " * branch.depth + str(branch))


@click.command()
@click.argument("references", shell_complete=complete.references, nargs=-1, required=True)
@registry_option
@click.option("--into", type=click.Path(path_type=Path), default=Path(), help="The project.")
@format_option()
def install(references: tuple[str, ...], registry: str, into: Path, format_: str) -> None:
    """Put workflows and their dependencies into a project, and lock them.

    Example: puppy-cli install text-preprocessor@^1.5
    """
    from registry_tool.commands.consume.install import install as run

    result = run(references, chosen_registry(registry, into), into)
    for warning in result.warnings:
        print_warning(warning)
    if format_ == "json":
        print_json(result.to_value())
        return
    for name, locked in result.lock.workflows.items():
        click.echo(f"{name}:{locked.version}  {locked.digest}")
    click.echo(
        f"{result.written} packages written, {result.kept} kept; locked in {result.lock_file}."
    )
    for name, root in result.pinned.items():
        click.echo(inert(f"The registry {name} is signed; its root {root} is pinned in the lock."))


@click.command()
@click.argument("reference", shell_complete=complete.references)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=None, help="NAME-VERSION.wfbundle."
)
@registry_option
@format_option()
def bundle(reference: str, out: Path | None, registry: str, format_: str) -> None:
    """Write a workflow, all that it may call and its recorded answers into one file, with their digests.

    `run`, `test`, `verify` and `install` take the file, verify all of it and need no network. The same versions
    give the same bytes.

    Example: puppy-cli bundle review-digest -o review-digest.wfbundle
    """
    from registry_tool.commands.author.bundle import bundle as run

    made = run(reference, registry_for(registry, reference), out)
    if format_ == "json":
        print_json(made.to_value())
        return
    for warning in made.warnings:
        print_warning(warning)
    held = counted(1 + len(made.lock.workflows), "package")
    click.echo(inert(f"{made.path}  {held}  {made.size} bytes  {made.root.digest}"))


COMMANDS = (list_, search, info, versions, diff, sbom, tree, install, bundle)

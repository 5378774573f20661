"""The command that offers workflows to agents as tools."""

from __future__ import annotations

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import chosen_registry, provider_option, registry_option
from registry_tool.cli.output import print_warning
from registry_tool.core.errors import MissingToolError, UsageError


@click.command()
@click.argument("references", shell_complete=complete.references, nargs=-1, metavar="[REF]...")
@registry_option
@provider_option
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="The environment whose configuration counts.",
)
@click.option("--tag", default="", help="All workflows of the registry that have this tag.")
def mcp(
    references: tuple[str, ...], registry: str, provider: str | None, environment: str, tag: str
) -> None:
    """Offer workflows as tools of an MCP server over standard input and output (extra `mcp`).

    Without a reference: what `workflow.lock` holds, at the versions that it holds.

    Example: puppy-cli mcp text-summarizer@^1 --provider local
    """
    try:
        import anyio

        from registry_tool.server.mcp.calls import Caller
        from registry_tool.server.mcp.server import mcp_server, serve_stdio
        from registry_tool.server.mcp.tools import tools_of
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"the MCP server needs the package {error.name}",
            hint="python -m pip install 'puppyai-workflow-registry[mcp]'",
        ) from None
    from registry_tool.commands.consume.read import list_workflows
    from registry_tool.commands.consume.unknown_names import demand_environment_of
    from registry_tool.sources.lock_file import locked_here
    from registry_tool.sources.reference import open_reference

    choice, lock = chosen_registry(registry), locked_here()
    wanted = list(references)
    if tag:
        wanted += [str(one["name"]) for one in list_workflows(choice, tag=tag)]
    elif not wanted:
        wanted = [f"{name}:{version}" for name, version in lock.versions.items()]
    if not wanted:
        raise UsageError(
            f"no workflow has the tag {tag}" if tag else "there is nothing to offer",
            hint="name workflows, or install some: puppy-cli install NAME",
        )
    opened = [open_reference(reference, choice, lock) for reference in dict.fromkeys(wanted)]
    for warning in (warning for one in opened for warning in one.warnings):
        print_warning(warning)
    for one in opened:
        demand_environment_of(one.program.workflow, choice, environment)
    tools = tools_of([one.program for one in opened])
    anyio.run(
        serve_stdio, mcp_server(tools, Caller(provider=provider or "", environment=environment))
    )


COMMANDS = (mcp,)

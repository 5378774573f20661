"""The command that serves: a built site as it lies there, or a live registry."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import (
    chosen_registry,
    clone_folder,
    provider_option,
    registry_option,
)
from registry_tool.core.errors import MissingToolError, UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@registry_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--branch", default="main", show_default=True, help="The branch of the registry.")
@click.option("--remote", default="", help="The remote whose branch it is. Default: the folder's.")
@click.option("--site", type=click.Path(path_type=Path), help="Where the pages are built.")
@click.option("--no-pages", is_flag=True, help="Answer the API alone.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option(
    "--runs",
    type=click.IntRange(0, 1000),
    default=8,
    help="Runs at once of a worker; 0: none.",
    show_default=True,
)
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="Whose deployments run where a request names none. Default: any version.",
)
@provider_option
@click.option("--public-url", default="", help="Where others reach it, such as a proxy's address.")
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    metavar="CIDR",
    multiple=True,
    help="A proxy in front, whose X-Forwarded-For is believed; repeatable.",
)
def serve(
    folder: Path | None,
    registry: str,
    host: str,
    port: int,
    branch: str,
    remote: str,
    site: Path | None,
    no_pages: bool,
    workers: int,
    runs: int,
    environment: str,
    provider: str | None,
    public_url: str,
    trusted_proxies: tuple[str, ...],
) -> None:
    """Serve a registry live until Ctrl-C: its API, its documents and its pages (extra `server`).

    With FOLDER, a built site is served as it lies there.

    Example: registry-tool serve --registry registry.git --port 8080
    """
    if folder is not None:
        if registry or site or remote or no_pages:
            raise UsageError(
                "a folder is served as it lies there, without a registry",
                hint="leave out either FOLDER or --registry, --remote, --site and --no-pages",
            )
        _serve_folder(folder, host, port)
        return
    root = clone_folder(chosen_registry(registry)).resolve()
    where = "" if no_pages else str((site or _usual_site(root, branch)).resolve())
    try:
        from registry_tool.server.options import ServeOptions
        from registry_tool.server.serving import serve as run
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"a live registry needs the package {error.name}",
            hint="python -m pip install 'puppyai-workflow-registry[server]'",
        ) from None
    options = ServeOptions(
        *(str(root), branch, remote, where, host, port, workers),
        public_url=public_url.rstrip("/"),
        most_runs=runs,
        environment=environment,
        provider=provider or "",
        trusted_proxies=trusted_proxies,
    )
    run(options, lambda address: click.echo(f"The registry is at {address} (Ctrl-C ends it)."))


def _serve_folder(folder: Path, host: str, port: int) -> None:
    from registry_tool.commands.maintain.serve import serve as run

    run(
        folder,
        host,
        port,
        lambda address: click.echo(f"The site is at {address} (Ctrl-C ends it)."),
    )


def _usual_site(root: Path, branch: str) -> Path:
    """A folder of the user's cache for each registry and branch."""
    from platformdirs import user_cache_path

    key = hashlib.sha256(f"{root}\0{branch}".encode()).hexdigest()[:16]
    return user_cache_path("puppy-cli", appauthor=False) / "sites" / key


COMMANDS = (serve,)

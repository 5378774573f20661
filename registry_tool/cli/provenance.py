"""Commands on attestations of packages: what is to be attested, and keeping what a job attested."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.jobs.options import outputs_option, write_outputs
from registry_tool.cli.options import clone_root
from registry_tool.cli.output import counted, format_option, print_json

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def provenance() -> None:
    """Attestations of packages: who built them from which commit.

    Example: registry-tool provenance pending --checksums build/packages.sha256
    """


@provenance.command("pending")
@clone_root
@click.option("--remote", default="", help="The remote to ask. Default: this repository.")
@click.option("--branch", default="main", show_default=True, help="The branch of the registry.")
@click.option("--checksums", type=_FILE, required=True, help="The file to write, if there are any.")
@outputs_option
@format_option()
def provenance_pending(
    root: Path,
    remote: str,
    branch: str,
    checksums: Path,
    outputs: Path | None,
    format_: str,
) -> None:
    """List the packages that are not attested yet, as sha256sum does; no file is written where there are none.

    The output `commit` is the commit that was looked at: `registry-tool provenance keep` takes it.

    Example: registry-tool provenance pending --checksums build/packages.sha256
    """
    from registry_tool.commands.maintain.provenance.attest import pending

    found = pending(root, checksums, branch=branch, remote=remote)
    write_outputs(outputs, {"commit": found.commit})
    if format_ == "json":
        print_json(found.to_value())
    else:
        click.echo(f"{counted(len(found.packages), 'package')} to attest, as of {found.commit}.")


@provenance.command("keep")
@clone_root
@click.option("--remote", default="", help="The remote to write to. Default: this repository.")
@click.option(
    "--attestation", type=_FILE, required=True, help="The Sigstore bundle that a job made."
)
@click.option("--commit", required=True, help="The commit whose packages were listed.")
@format_option()
def provenance_keep(root: Path, remote: str, attestation: Path, commit: str, format_: str) -> None:
    """Keep an attestation on the branch `provenance`, for each package that it names.

    Example: registry-tool provenance keep --attestation attestation.json --commit "$GITHUB_SHA"
    """
    from registry_tool.commands.maintain.provenance.attest import keep

    kept = keep(root, attestation, commit, remote=remote)
    if format_ == "json":
        print_json({"packages": [*kept]})
    else:
        click.echo(f"The attestation of {counted(len(kept), 'package')} is kept.")


COMMANDS = (provenance,)

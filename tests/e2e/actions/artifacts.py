"""What the stand-ins for upload-artifact, download-artifact, upload-pages-artifact and deploy-pages do.

Hand-written, since the real ones speak to GitHub's own service. Kept is `ARTIFACTS/<run>/<attempt>/<name>/…`.
README.md says where they differ from the real ones: nowhere are they less strict.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NEVER_IN_PATHS = '":<>|*?\r\n'
NEVER_IN_NAMES = NEVER_IN_PATHS + "\\/"
PAGES_NEVER = (".git", ".github")


class RefusedError(Exception):
    """The real action would fail here."""


@dataclass(frozen=True)
class Store:
    """The artifacts of all runs; `run` and `attempt` are the present ones."""

    folder: Path
    run: str
    attempt: str

    def of_run(self, run: str = "") -> list[Path]:
        """Every artifact of a run, all attempts."""
        return sorted(p for p in (self.folder / (run or self.run)).glob("*/*") if p.is_dir())

    def of_attempt(self) -> list[Path]:
        """The artifacts of this attempt."""
        return [path for path in self.of_run() if path.parent.name == self.attempt]

    def new(self, name: str, *, overwrite: bool) -> Path:
        """The folder of a new artifact; a name is there once in a run, whichever attempt made it."""
        bad = sorted(set(NEVER_IN_NAMES) & set(name))
        if not name or bad:
            raise RefusedError(f"The artifact name is not valid: {name!r}. Contains: {bad}")
        for twin in self.of_run():
            if twin.name == name and not overwrite:
                raise RefusedError(
                    "Failed to CreateArtifact: (409) Conflict: an artifact with this name already "
                    f"exists on the workflow run: {name}"
                )
            if twin.name == name:
                shutil.rmtree(twin)
        return self.folder / self.run / self.attempt / name


def store() -> Store:
    known = os.environ
    return Store(
        Path(known["SCRATCH_ARTIFACTS"]), known["GITHUB_RUN_ID"], known["GITHUB_RUN_ATTEMPT"]
    )


def truth(inputs: Mapping[str, str], name: str, usual: str = "false") -> bool:
    """A boolean as the toolkit reads it: YAML 1.2's spellings and nothing else."""
    result = inputs.get(name) or usual
    if result not in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        raise RefusedError(f"Input does not meet YAML 1.2 'Core Schema' specification: {name}")
    return result.lower() == "true"


def found(path: str, *, hidden: bool) -> dict[str, Path]:
    """Files by their path in the artifact: relative to the least common folder of all that was named."""
    lines = [line.strip() for line in path.splitlines() if line.strip()]
    if not lines:
        raise RefusedError("Input required and not supplied: path")
    wanted: set[Path] = set()
    roots: list[Path] = []
    for line in lines:
        listed = [Path(p) for p in glob.glob(line.lstrip("!"), recursive=True, include_hidden=True)]  # noqa: PTH207 - may be absolute
        files = {f for p in listed for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file()}
        if line.startswith("!"):
            wanted -= files
            continue
        wanted |= files
        roots.append(Path(line) if Path(line).is_dir() else Path(line).parent)
    top = Path(os.path.commonpath([root.absolute() for root in roots])) if roots else Path()
    named = {str(file.absolute().relative_to(top)): file for file in sorted(wanted)}
    if not hidden:
        named = {n: f for n, f in named.items() if not any(p[:1] == "." for p in Path(n).parts)}
    for name in named:
        if set(NEVER_IN_PATHS) & set(name):
            raise RefusedError(f"The path for one of the files in artifact is not valid: {name!r}")
    return named


def keep(files: Mapping[str, Path], location: Path) -> None:
    for name, file in files.items():
        (location / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, location / name)


def upload(inputs: Mapping[str, str], kept: Store) -> dict[str, str]:
    """actions/upload-artifact v7."""
    if inputs.get("if-no-files-found", "warn") not in {"warn", "error", "ignore"}:
        raise RefusedError(f"Unrecognized if-no-files-found: {inputs['if-no-files-found']!r}")
    days = inputs.get("retention-days") or "0"
    if not days.isdigit():
        raise RefusedError(f"Invalid retention-days: {days!r}")
    files = found(inputs["path"], hidden=truth(inputs, "include-hidden-files"))
    if not files:
        said = f"No files were found with the provided path: {inputs['path']}. No artifacts will be uploaded."
        if inputs.get("if-no-files-found") == "error":
            raise RefusedError(said)
        print(f"::warning::{said}")
        return {}
    location = kept.new(inputs["name"], overwrite=truth(inputs, "overwrite"))
    keep(files, location)
    return {"artifact-id": str(abs(hash(location))), "artifact-url": f"file://{location}"}


def download(inputs: Mapping[str, str], kept: Store) -> dict[str, str]:
    """actions/download-artifact v8. Without a token it sees this attempt's artifacts, with one the run's."""
    name, pattern = inputs.get("name", ""), inputs.get("pattern", "")
    there = kept.of_run(inputs["run-id"]) if inputs.get("github-token") else kept.of_attempt()
    if name:
        there = [path for path in there if path.name == name]
        if not there:
            raise RefusedError(
                f"Unable to download artifact(s): Artifact not found for name: {name}"
            )
    elif pattern:
        there = [path for path in there if fnmatch.fnmatchcase(path.name, pattern)]
    into = Path(inputs.get("path") or ".")
    flat = len(there) == 1 or truth(inputs, "merge-multiple")
    for artifact in there:
        shutil.copytree(artifact, into if flat else into / artifact.name, dirs_exist_ok=True)
    print(f"Total of {len(there)} artifact(s) downloaded")
    return {"download-path": str(into.absolute())}


def upload_pages(inputs: Mapping[str, str], kept: Store) -> dict[str, str]:
    """actions/upload-pages-artifact v5: never `.git` and `.github`, hidden files only where it is told to."""
    files = found(inputs["path"], hidden=truth(inputs, "include-hidden-files"))
    files = {n: f for n, f in files.items() if Path(n).parts[0] not in PAGES_NEVER}
    if not files:
        raise RefusedError(f"No files were found with the provided path: {inputs['path']}")
    location = kept.new(inputs["name"], overwrite=False)
    keep(files, location)
    return {"artifact_id": str(abs(hash(location)))}


def deploy_pages(inputs: Mapping[str, str], kept: Store) -> dict[str, str]:
    """actions/deploy-pages v5: exactly one artifact of that name in the whole run."""
    name = inputs["artifact_name"]
    there = [path for path in kept.of_run() if path.name == name]
    if not there:
        raise RefusedError(f'No artifacts named "{name}" were found for this workflow run.')
    if len(there) > 1:
        raise RefusedError(
            f'Multiple artifacts named "{name}" were unexpectedly found for this workflow run. '
            f"Artifact count is {len(there)}."
        )
    if not (there[0] / "index.html").is_file():
        raise RefusedError("the site has no index.html")
    return {"page_url": "http://localhost/"}


DOES = {
    "upload-artifact": upload,
    "download-artifact": download,
    "upload-pages-artifact": upload_pages,
    "deploy-pages": deploy_pages,
}


def inputs_given() -> dict[str, str]:
    """The step's inputs: variables `IN_<NAME>`, a hyphen as two underscores."""
    return {
        key.removeprefix("IN_").replace("__", "-").lower(): value
        for key, value in os.environ.items()
        if key.startswith("IN_")
    }


def main() -> int:
    try:
        outputs = DOES[sys.argv[1]](inputs_given(), store())
    except RefusedError as error:
        print(f"::error::{error}")
        return 1
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in outputs.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())

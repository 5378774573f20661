"""An author's own repository publishes on a tag: the example of the docs, run for real by act.

It calls the registry's Action file, which speaks to a hand-written forge over the scratch's bare remote
(tests/forge/stand_in); the registry's own check judges the pull request.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.commands.author.init import init
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.rules.change_set import Actor
from tests.e2e.scratch import ROOT, Scratch
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

NAME = "puppyai/registry"
FILE = "publish-workflow.yml"
PUBLISHER = Person("acme-publisher[bot]", 41_000_001, "", app=True)

pytestmark = pytest.mark.e2e


@pytest.fixture
def registry(shared_scratch: Scratch, tmp_path: Path) -> Scratch:
    """A registry where an app is a collaborator of one workflow; the one that is shared stays as it is."""
    made = copy.copy(shared_scratch)
    made.others, made.remote = tmp_path / "others", tmp_path / "others" / f"{NAME}.git"
    words: list[str | Path] = ["git", "clone", "--quiet", "--bare", "--shared"]
    subprocess.run([*words, shared_scratch.remote, made.remote], check=True)
    made.work = tmp_path / "registry"
    subprocess.run(["git", "clone", "--quiet", "--shared", made.remote, made.work], check=True)
    owners = made.work / "registry/workflows/keyword-extractor/owners.yaml"
    added = f'collaborators: [{{ login: "{PUBLISHER.login}", id: {PUBLISHER.id} }}]\n'
    owners.write_text(re.sub(r"(?m)^collaborators:.*\n", "", owners.read_text()) + added)
    made.commit("Let the app publish")
    made.git("push", "--quiet", "origin", "main")
    return made


@pytest.fixture
def forge(registry: Scratch, tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path) as running:
        running.repositories[NAME] = Repository(NAME, registry.remote, {PUBLISHER.login})
        running.people["ghs_of-the-publisher-0123"] = PUBLISHER
        yield running


class AuthorRepository:
    """The author's clone, with the Action file as the docs have it, and its remote."""

    def __init__(self, registry: Scratch, folder: Path) -> None:
        self.act_here = copy.copy(registry)
        self.act_here.work, self.act_here.remote = folder / "mine", folder / "mine.git"
        self.work, self.registry = self.act_here.work, registry.work
        source = registry.work / "registry/workflows/keyword-extractor/1.0.1"
        init("keyword-extractor", "text", self.work)
        subprocess.run(["cp", "-r", f"{source}/.", self.work], check=True)
        (self.work / "workflow.json").unlink()
        text = (self.work / "manifest.yaml").read_text().replace('"1.0.1"', '"1.1.0"')
        text = text.replace("default: 5", "default: 10")
        (self.work / "workflow-resource.yaml").write_text(text)
        (self.work / "manifest.yaml").unlink()
        (self.work / ".github/workflows").mkdir(parents=True)
        (self.work / ".github/workflows" / FILE).write_text(documented())
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", self.act_here.remote],
            check=True,
        )
        self.act_here.remote_git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.act_here.git("init", "--quiet", "--initial-branch=main")
        self.act_here.commit("Mine")
        self.act_here.git("remote", "add", "origin", str(self.act_here.remote))
        self.act_here.git("push", "--quiet", "origin", "main")

    def tag(self, name: str, forge: StandIn) -> subprocess.CompletedProcess[str]:
        """Push a tag, as far as a job sees it."""
        event = self.work.parent / "event.json"
        event.write_text(json.dumps({"ref": f"refs/tags/{name}"}))
        return self.act_here.act(
            *("push", FILE, f"--eventpath={event}", "--secret=PUBLISHER_APP_KEY=a-private-key"),
            *(f"--env={key}={value}" for key, value in forge.environment().items()),
            f"--local-repository={NAME}@main={self.registry}",
        )


def documented() -> str:
    """The example in the authors' page, with the registry's name filled in."""
    page = (ROOT / "docs/authors.md").read_text()
    (found,) = re.findall(
        r"```yaml\n(# \.github/workflows/publish-workflow\.yml\n.*?)```", page, re.S
    )
    assert isinstance(found, str)
    return found.replace("OWNER/REPO", NAME)


def test_a_tag_opens_the_pull_request(registry: Scratch, forge: StandIn, tmp_path: Path) -> None:
    author = AuthorRepository(registry, tmp_path)
    done = author.tag("keyword-extractor-1.1.0", forge)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    (pull,) = forge.pulls(NAME)
    title, login = pull["title"], pull["user.login"]
    assert (title, login) == ("Publish keyword-extractor 1.1.0", PUBLISHER.login)
    for rights in ("contents: read, pull requests: none", "contents: write, pull requests: write"):
        assert f"a token for {NAME} ({rights})" in done.stdout
    assert forge.seen == {"ghs_of-the-publisher-0123"}
    assert not re.search("ghs_of|a-private-key", done.stdout)
    judged = check_pr(registry.remote, "main", pull["head.sha"], actor=Actor(PUBLISHER.id))
    assert (judged.verdict, judged.findings) == ("passed", ())

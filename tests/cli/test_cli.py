"""The commands as a user types them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forked

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.e2e


def run(folder: Path, *words: str | Path, **environment: str) -> forked.Ended:
    return forked.run(words, cwd=folder, env={**os.environ, **environment})


def test_a_new_project_validates_tests_builds_and_runs(tmp_path: Path) -> None:
    for template, given, output in (
        ("text", "text=Ada", "greeting: Hello, Ada!"),
        ("code", "numbers=[1,2,3]", "sum: 6"),
    ):
        folder = tmp_path / template
        assert (
            run(
                tmp_path, "puppy-cli", "init", "mine", "--template", template, "-o", folder
            ).returncode
            == 0
        )
        for command in ("validate", "test", "build"):
            done = run(folder, "puppy-cli", command)
            assert done.returncode == 0, done.stdout + done.stderr
        assert (folder / "dist/mine-0.1.0.wfpkg").is_file()
        done = run(folder, "puppy-cli", "run", ".", "--input", given)
        assert output in done.stdout, done.stderr
        packed = run(folder, "puppy-cli", "run", "dist/mine-0.1.0.wfpkg", "--input", given)
        assert packed.stdout == done.stdout


def test_a_mistake_is_shown_where_it_stands(tmp_path: Path) -> None:
    run(tmp_path, "puppy-cli", "init", "mine")
    manifest = tmp_path / "mine/workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, {{text}}!", "Hello, {{txt}}!"))
    done = run(tmp_path, "puppy-cli", "validate", "mine")
    assert done.returncode == 1
    assert "mine/workflow-resource.yaml:23:26: error[template-names]" in done.stdout
    assert "did you mean {{text}}?" in done.stdout
    found = json.loads(run(tmp_path, "puppy-cli", "validate", "mine", "--format", "json").stdout)
    assert set(found["findings"][0]) == {
        "rule",
        "severity",
        "path",
        "line",
        "column",
        "message",
        "help",
    }


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["puppy-cli", "run", "nothing"], 1, "no workflow nothing"),
        (["puppy-cli", "run", "No Name!"], 2, "is no reference"),
        (["puppy-cli", "run", "keyword-extractor", "--input", "text"], 2, "has no ="),
        (["puppy-cli", "run", "keyword-extractor", "--input", "txt=a"], 2, "did you mean 'text'?"),
        (["puppy-cli", "run", "keyword-extractor", "--input", "top=many"], 2, "of type integer"),
        (["puppy-cli", "info", "sentiment-analisys"], 1, "did you mean sentiment-analysis?"),
        (["puppy-cli", "frobnicate"], 2, "No such command"),
        (["puppy-cli", "logs", "keyword-extractor", "--env", "mars"], 2, "no environment 'mars'"),
        (["puppy-cli", "validate", "/nowhere"], 1, "there is no workflow-resource.yaml"),
        (["puppy-cli", "import", "puppyflow", "/nowhere.json"], 1, "there is no such file"),
        (["puppy-cli", "list", "--registry", "/nowhere"], 1, "no registry here"),
        (["puppy-cli", "init", "Not A Name"], 2, "must be lower-case"),
        (["registry-tool", "check", "--root", "/nowhere"], 1, "this is no registry"),
        (["registry-tool", "check-pr", "--base", "nowhere"], 1, "no commit 'nowhere'"),
        (["registry-tool", "serve", "/nowhere"], 1, "no built site"),
        (["registry-tool", "deploy", "--env", "x", "--request", "{"], 2, "not JSON"),
        (["registry-tool", "execute", "--env", "x", "--request", "{}"], 2, "has no 'workflow'"),
    ],
)
def test_wrong_words_get_a_reason_and_no_traceback(words: list[str], code: int, told: str) -> None:
    done = run(ROOT, *words)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_becomes_a_file(tmp_path: Path) -> None:
    from registry_tool.cli import errors

    def bug() -> None:
        raise ZeroDivisionError

    assert errors.run(bug) == errors.BUG


def test_json_where_data_is_printed() -> None:
    for words in (
        ["list"],
        ["search", "nlp"],
        ["info", "sentiment-analysis"],
        ["versions", "sentiment-analysis"],
        ["doctor"],
        ["test", "keyword-extractor"],
        ["run", "keyword-extractor", "--input", "text=a dog and a dog"],
        ["status"],
    ):
        done = run(ROOT, "puppy-cli", *words, "--format", "json")
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)


def test_a_run_has_the_specifications_shape() -> None:
    done = run(
        ROOT, "puppy-cli", "run", "keyword-extractor", "--input", "text=dog dog", "--format", "json"
    )
    value = json.loads(done.stdout)
    assert set(value) == {"execution_id", "status", "outputs", "blocks", "usage", "seconds"}
    assert value["outputs"] == {"keywords": [{"count": 2, "word": "dog"}]}


def test_install_locks_and_a_second_time_writes_nothing(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    registry.add("caller", "1.0.0", hello="^1.0.0")  # type: ignore[attr-defined]
    location = ["--registry", str(registry.root), "--into", str(tmp_path / "mine")]  # type: ignore[attr-defined]
    first = run(tmp_path, "puppy-cli", "install", "caller@^1", *location)
    assert "2 packages written, 0 kept" in first.stdout, first.stderr
    registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    again = run(tmp_path, "puppy-cli", "install", "caller", *location)
    assert "0 packages written, 2 kept" in again.stdout, again.stderr
    lock = json.loads((tmp_path / "mine/workflow.lock").read_text())
    assert lock["workflows"]["hello"]["version"] == "1.0.0"


def test_a_published_project_lands_on_a_branch(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    owner = ["--owner", "ada", "--owner-id", "1"]
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location, *owner)
    assert "is on the branch publish/mine-0.1.0" in done.stdout, done.stderr
    words = ["check-pr", "--base", "main", "--head", "publish/mine-0.1.0"]
    checked = run(registry.root, "registry-tool", *words, "--actor-id", "1")  # type: ignore[attr-defined]
    assert checked.stdout == "1 new version checked, nothing found.\n", checked.stderr
    other = run(registry.root, "registry-tool", *words, "--actor-id", "2")  # type: ignore[attr-defined]
    assert (other.returncode, "error[ownership]" in other.stdout) == (1, True)
    assert run(registry.root, "registry-tool", *words, "--actor-id", "x").returncode == 2  # type: ignore[attr-defined]


def test_who_publishes_first_is_told_about_owners(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    run(tmp_path, "puppy-cli", "init", "mine")
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    done = run(tmp_path, "puppy-cli", "publish", "mine", *location)
    assert "warning: mine is new: add registry/workflows/mine/owners.yaml" in done.stderr
    registry.git("branch", "-D", "publish/mine-0.1.0")  # type: ignore[attr-defined]
    registry.git("config", "user.email", "7+ada@users.noreply.github.com")  # type: ignore[attr-defined]
    run(tmp_path, "puppy-cli", "publish", "mine", *location)
    told = registry.git("show", "publish/mine-0.1.0:registry/workflows/mine/owners.yaml")  # type: ignore[attr-defined]
    assert 'login: "ada", id: 7' in told


def test_a_held_request_has_its_own_exit_code_and_label(
    make_registry: Callable[..., object],
) -> None:
    registry = make_registry(git=True)
    registry.git("checkout", "--quiet", "-b", "tool")  # type: ignore[attr-defined]
    (registry.root / "tool.txt").write_text("new")  # type: ignore[attr-defined]
    registry.commit("Change the tool")  # type: ignore[attr-defined]
    words = ["registry-tool", "check-pr", "--base", "main", "--format", "json"]
    held = run(registry.root, *words)  # type: ignore[attr-defined]
    told = json.loads(held.stdout)
    assert (held.returncode, told["verdict"]) == (4, "held")
    accepted = run(registry.root, *words, "--accept", json.dumps(["bug", told["label"]]))  # type: ignore[attr-defined]
    assert (accepted.returncode, json.loads(accepted.stdout)["verdict"]) == (0, "passed")
    (registry.root / "tool.txt").write_text("newer")  # type: ignore[attr-defined]
    registry.commit("Change it again")  # type: ignore[attr-defined]
    assert run(registry.root, *words, "--accept", told["label"]).returncode == 4  # type: ignore[attr-defined]


def test_a_yank_is_written_said_and_taken_back(make_registry: Callable[..., object]) -> None:
    registry = make_registry()
    root = registry.root  # type: ignore[attr-defined]
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    alone = run(root, "registry-tool", "yank", "hello:1.1.0", "--reason", "It leaks.")
    assert (alone.returncode, "nothing is named in its place" in alone.stderr) == (1, True)
    words = ["--reason", "It leaks.", "--replacement", "1.0.0"]
    done = run(root, "registry-tool", "yank", "hello:1.1.0", *words)
    assert done.returncode == 0, done.stderr
    assert (
        run(root, "puppy-cli", "run", "hello", "--input", "who=you").stdout
        == "greeting: Hello, you!\n"
    )
    pinned = run(root, "puppy-cli", "run", "hello:1.1.0", "--input", "who=you")
    assert "warning: hello:1.1.0 is yanked: It leaks; use 1.0.0 instead" in pinned.stderr
    assert "yanked: It leaks." in run(root, "puppy-cli", "versions", "hello").stdout
    assert run(root, "registry-tool", "yank", "hello:1.1.0", "--undo").returncode == 0
    assert run(root, "registry-tool", "yank", "hello:1.1.0", "--undo").returncode == 1
    assert run(root, "registry-tool", "yank", "hello:9.0.0", *words).returncode == 1
    gone = run(root, "registry-tool", "remove", "hello:1.0.0", "--reason", "A court asked.")
    assert gone.returncode == 0, gone.stderr
    assert not (root / "registry/workflows/hello/1.0.0").exists()


def test_a_diff_tells_what_a_project_asks_for(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    folder = registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    project = tmp_path / "mine"
    project.mkdir()
    text = (folder / "manifest.yaml").read_text().replace("Hello, {{who}}", "Good day, {{who}}")
    (project / "workflow-resource.yaml").write_text(text)
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    told = run(tmp_path, "puppy-cli", "diff", "hello:1.0.0", "./mine", *location)
    assert "This asks for a minor release after 1.0.0: 1.1.0 or higher." in told.stdout, told.stderr
    assert "+Good day, {{who}}!" in told.stdout
    value = json.loads(
        run(tmp_path, "puppy-cli", "diff", "hello", "./mine", *location, "--format", "json").stdout
    )
    assert value["suggested_version"] == "1.1.0"


def test_a_lock_keeps_a_yanked_version_with_a_warning(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    root = registry.root  # type: ignore[attr-defined]
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    registry.add("caller", "1.0.0", hello="^1.0.0")  # type: ignore[attr-defined]
    words = ["puppy-cli", "install", "caller", "--registry", root]
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    run(tmp_path / "old", *words)
    reason = ["--reason", "It leaks.", "--replacement", "1.0.0"]
    assert run(root, "registry-tool", "yank", "hello:1.1.0", *reason).returncode == 0
    kept = run(tmp_path / "old", *words)
    assert "hello:1.1.0  sha256:" in kept.stdout, kept.stderr
    assert "warning: hello:1.1.0 is yanked: It leaks; use 1.0.0 instead" in kept.stderr
    fresh = run(tmp_path / "new", *words)
    assert "hello:1.0.0  sha256:" in fresh.stdout, fresh.stderr
    assert "warning" not in fresh.stderr
    location = ("--registry", root)
    asked = run(tmp_path / "old", "puppy-cli", "install", "hello@~1.1.0", *location)
    assert "hello:1.1.0 is yanked" in asked.stderr, asked.stderr
    ran = run(tmp_path / "old", "puppy-cli", "run", "caller", "--input", "who=you", *location)
    assert "hello:1.1.0 is yanked" in ran.stderr, ran.stderr
    (tmp_path / "none").mkdir()
    refused = run(tmp_path / "none", "puppy-cli", "install", "hello@~1.1.0", *location)
    assert (refused.returncode, "there are 1.0.0, 1.1.0 (yanked)" in refused.stderr) == (1, True)
    exact = run(tmp_path / "none", "puppy-cli", "install", "hello:1.1.0", *location)
    assert (exact.returncode, "hello:1.1.0 is yanked" in exact.stderr) == (0, True)


@pytest.mark.model
def test_words_come_as_they_are_said_and_caps_are_kept(tmp_path: Path) -> None:
    words = ("puppy-cli", "run", "text-summarizer", "--provider", "local", "--registry", ROOT)
    given = ("--input", "text=The cat sat on the mat and looked at the rain.")
    streamed = run(tmp_path, *words, *given, "--stream")
    assert streamed.returncode == 0, streamed.stderr
    first = streamed.stderr.splitlines()[0]
    assert first.removeprefix("sum-up: ") == streamed.stdout.strip().removeprefix("summary: ")
    capped = run(tmp_path, *words, *given, "--max-tokens", "10")
    assert capped.returncode == 1
    assert "the cap of 10 tokens would be passed" in capped.stderr
    assert "raise --max-tokens" in capped.stderr
    free = run(tmp_path, *words, *given, "--max-cost", "0", "--format", "json")
    assert json.loads(free.stdout)["usage"]["cost_usd"] == 0

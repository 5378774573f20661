"""Publishing over HTTP, judged as a pull request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import candidate_of
from registry_tool.commands.author.publishing.live import LivePublisher, PostResult
from registry_tool.commands.live.changes.gatekeeper import POLICY
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Answer, Ask
from registry_tool.forge.tokens.token import HostToken
from registry_tool.package.build import package_bytes
from registry_tool.rules.change_set import Actor
from registry_tool.state.audit_log import entries
from registry_tool.store.branch import Branch
from tests.conftest import MANIFEST, RegistryFolder
from tests.server.signing_in import MEMBERS, Served, served

POST = "/api/v1/workflows"


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    """With `hello` 1.0.0, which belongs to ada."""
    return served(registry)


def manifest(name: str = "hello", version: str = "1.1.0") -> str:
    """Of a version that passes."""
    return MANIFEST.replace("NAME", name).replace("VERSION", version).replace("REQUIRES", "[]")


def form(text: str, package: bytes | None = None) -> dict[str, tuple[str, bytes, str]]:
    """What is posted."""
    parts = {"manifest": ("manifest.yaml", text.encode(), "application/yaml")}
    if package is not None:
        parts["package"] = ("x.wfpkg", package, "application/zip")
    return parts


def test_a_version_is_published_and_everything_shows_it(live: Served) -> None:
    before = live.registry.git("rev-parse", "main")
    answer = live.client.post(POST, files=form(manifest()), headers=live.headers("ada"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["metadata"]["version"] == "1.1.0"
    assert live.client.get(answer.headers["location"]).json() is not None
    assert live.client.get(f"{POST}/hello").json()["metadata"]["version"] == "1.1.0"
    assert live.registry.git("rev-parse", "main^") == before
    assert (
        live.registry.git("log", "-1", "--format=%an %ae") == "ada 1+ada@users.noreply.github.com"
    )
    assert live.registry.git("status", "--porcelain") == ""
    noted = [e for e in entries(live.target, "registry") if e.action == "publish"]
    assert [e.detail["version"] for e in noted] == ["1.1.0"]
    again = live.client.post(POST, files=form(manifest()), headers=live.headers("ada"))
    assert (again.status_code, again.json()) == (201, answer.json())
    assert live.registry.git("rev-parse", "main^") == before


def test_a_refusal_is_that_of_check_pr(live: Served) -> None:
    bad = manifest().replace("{{who}}", "{{whom}}").replace("license: MIT", "license: Mine")
    answer = live.client.post(POST, files=form(bad), headers=live.headers("ada"))
    assert answer.status_code == 422, answer.text
    folder = live.registry.root / "registry/workflows/hello/1.1.0"
    live.registry.git("checkout", "-qb", "asked")
    live.registry.lay("hello", "1.1.0")
    (folder / "docs/README.md").unlink()
    dated = bad.replace(
        'version: "1.1.0"\n', 'version: "1.1.0"\n  created: "2024-01-01T00:00:00Z"\n'
    )
    (folder / "manifest.yaml").write_text(dated)
    live.registry.compile()
    live.registry.commit("Ask")
    judged = check_pr(live.registry.root, "main", "asked", actor=Actor(1, "ada"))
    assert judged.findings
    assert answer.json()["findings"] == [finding.to_value() for finding in judged.findings]


def test_who_may_not(live: Served) -> None:
    before = live.registry.git("rev-parse", "main")
    for who, scopes, name, status, message in (
        ("", "", "hello", 401, "signed in"),
        ("ada", "run", "hello", 403, "not for publish"),
        ("eve", "", "hello", 403, "may not change it"),
        ("rob", "", "brand-new", 403, "role reader"),
        ("rob", "", "hello", 403, "role reader"),
    ):
        headers = live.headers(who, *scopes.split()) if who else {}
        answer = live.client.post(POST, files=form(manifest(name)), headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert message in answer.json()["detail"]
    assert live.registry.git("rev-parse", "main") == before


def test_a_key_for_one_workflow_publishes_no_other(live: Served) -> None:
    only = live.headers("ada", workflows="other")
    answer = live.client.post(POST, files=form(manifest()), headers=only)
    assert (answer.status_code, "of hello" in answer.json()["detail"]) == (403, True)


def test_what_is_no_post(live: Served) -> None:
    ada = live.headers("ada")

    def result(**more: object) -> tuple[int, str]:
        answer = live.client.post(POST, headers=ada, **more)  # type: ignore[arg-type]
        assert str(live.registry.root) not in answer.text
        return answer.status_code, answer.json()["detail"]

    assert result(json={})[0] == 415
    assert result(files={"other": b"x"})[0] == 400
    assert result(files=[("manifest", b"x"), ("manifest", b"x")])[0] == 400
    assert result(files={"package": b"x"}) == (400, "the form has no `manifest`")
    assert result(files=form("a: ["))[0] == 422
    assert result(files=form("x" * (2**18 + 1)))[0] == 413
    assert result(files=form(manifest(), b"PK"))[0] == 422
    other = package_bytes({"manifest.yaml": b"other"})
    assert result(files=form(manifest(), other))[1].startswith("package: its manifest.yaml is not")
    assert result(files=form(manifest("../../x")))[0] == 422
    assert result(files=form(manifest("hello", "1.0.0").replace("Greets", "Hails")))[0] == 409


def test_a_key_says_that_it_is_the_same(live: Served) -> None:
    headers = {**live.headers("ada"), "Idempotency-Key": "one"}
    bad = manifest().replace("{{who}}", "{{whom}}")
    first, again = (live.client.post(POST, files=form(bad), headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["findings"]) == (422, again.json()["findings"])
    other = live.client.post(POST, files=form(manifest()), headers=headers)
    assert (other.status_code, "another request" in other.json()["detail"]) == (422, True)
    for wrong in ("", "a b", "x" * 201):
        bad_key = {**headers, "Idempotency-Key": wrong}
        assert live.client.post(POST, files=form(bad), headers=bad_key).status_code == 400


def test_what_is_held_waits_on_a_branch_of_its_persons_own(live: Served) -> None:
    before = live.registry.git("rev-parse", "main")
    answer = live.client.post(
        POST, files=form(manifest("helo", "0.1.0")), headers=live.headers("eve")
    )
    assert answer.status_code == 202, answer.text
    assert "hello" in answer.json()["held"]
    branch = answer.json()["branch"]
    assert branch == "publish/helo-0.1.0-by-5"
    assert live.registry.git("rev-parse", f"{branch}^") == before
    assert "helo" in live.registry.git("ls-tree", "-r", "--name-only", branch)
    assert live.registry.git("rev-parse", "main") == before


def test_a_policy_has_everything_wait_for_a_merge(registry: RegistryFolder) -> None:
    live = served(registry, MEMBERS + "policy: { live_changes: pull-request }\n")
    answer = live.client.post(POST, files=form(manifest()), headers=live.headers("ada"))
    assert (answer.status_code, answer.json()["held"]) == (202, POLICY)


def test_nothing_is_published_by_halves(live: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed before the branch moves has changed nothing, and the same post publishes it then."""

    def killed(*_: object) -> bool:
        raise RuntimeError("killed")

    before = live.registry.git("rev-parse", "main")
    headers = live.headers("ada")
    with monkeypatch.context() as patch:
        patch.setattr(Branch, "_swap", killed)
        assert live.client.post(POST, files=form(manifest()), headers=headers).status_code == 500
    assert live.registry.git("rev-parse", "main") == before
    assert live.registry.git("status", "--porcelain") == ""
    assert live.client.post(POST, files=form(manifest()), headers=headers).status_code == 201


def test_the_client_posts_and_finds_what_it_posted(live: Served, tmp_path: Path) -> None:
    """`puppy-cli publish` against the server: published, again the same, and changed."""

    def through(ask: Ask) -> Answer:
        path = ask.url.removeprefix("https://registry.example")
        got = live.client.request(ask.method, path, content=ask.body, headers=dict(ask.headers))
        return Answer(got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.content)

    text = manifest("mine", "1.0.0").replace('  updated: "2024-01-01T00:00:00Z"\n', "")
    (tmp_path / "workflow-resource.yaml").write_text(text)
    candidate = candidate_of(tmp_path)
    token = HostToken("registry.example", "a test", live.key("ada").secret)

    def post(year: int) -> PostResult:
        clock = FixedClock(datetime(year, 1, 1, tzinfo=UTC))
        publisher = LivePublisher("https://registry.example", token, clock, exchange=through)
        return publisher.publish(candidate)

    page = "https://registry.example/workflows/mine/1.0.0/"
    assert post(2026) == PostResult(True, page, filled=("created", "updated"))
    assert post(2027) == PostResult(True, page)
    (tmp_path / "workflow-resource.yaml").write_text(text.replace("Greets", "Hails"))
    candidate = candidate_of(tmp_path)
    with pytest.raises(RegistryError, match="409") as refused:
        post(2028)
    assert "raise the version" in refused.value.hint

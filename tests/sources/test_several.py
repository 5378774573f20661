"""Several registries: an order, names, locks, and nothing that is taken silently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.consume.install import install
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.resolver.lock import Lock
from registry_tool.resolver.solve import ConflictError
from registry_tool.sources.configuration.choice import RegistryChoice, choose_registry
from registry_tool.sources.lock_file import read_locked
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import open_reference
from tests.conftest import MANIFEST, RegistryFolder

Settle = Callable[[str], RegistryChoice]


@pytest.fixture
def settle(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settle:
    """`acme` has helper 1.0.0 and tool, which requires a helper; `public` has helper 2.0.0 and other."""
    acme, public = make_registry("acme"), make_registry("public")
    acme.add("helper", "1.0.0")
    acme.lay("tool", "1.0.0", helper="*")
    acme.compile()
    public.add("helper", "2.0.0")
    public.add("other", "1.0.0")
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    names = f'[registries]\nacme = "{acme.root}"\npublic = "{public.root}"\n'

    def write(registry: str = "") -> RegistryChoice:
        Path("puppy.toml").write_text(f"{registry}\n{names}broken = './nowhere'\n")
        return choose_registry(environ={})

    return write


def needing(name: str, registry: str = "") -> str:
    """A project's folder that requires a helper."""
    need = f"{{ name: {name}, version: '*'" + (f", registry: {registry} }}" if registry else " }")
    text = MANIFEST.replace("NAME", "mine").replace("VERSION", "0.1.0")
    Path("workflow-resource.yaml").write_text(text.replace("REQUIRES", f"[{need}]"))
    return "./workflow-resource.yaml"


def test_the_first_that_has_a_name_gives_it_and_says_so(settle: Settle) -> None:
    choice = settle('registry = ["acme", "public"]')
    assert open_reference("helper", choice).program.workflow.version == "1.0.0"
    assert list(choice.notes.said) == [
        "helper is taken from acme; public has one of that name, too"
    ]
    found = open_reference("helper", settle('registry = ["public", "acme"]'))
    assert found.program.workflow.version == "2.0.0"
    choice = settle('registry = ["acme", "public"]')
    open_reference("other", choice)
    assert choice.notes.said == {}


def test_no_version_is_taken_from_the_second_where_the_first_has_the_name(settle: Settle) -> None:
    with pytest.raises(RegistryError, match="no version of helper is \\^2"):
        open_reference("helper@^2", settle('registry = ["acme", "public"]'))


def test_a_registry_that_cannot_be_read_is_no_reason_to_ask_the_next(settle: Settle) -> None:
    choice = settle('registry = ["broken", "public"]')
    with pytest.raises(RegistryError, match="there is no registry here") as caught:
        open_reference("other", choice)
    assert "nowhere" in caught.value.location
    choice = settle('registry = ["acme", "broken"]')
    open_reference("helper", choice)
    assert tuple(choice.notes.said) == (
        "whether broken has a workflow helper, too, could not be asked",
    )


def test_a_requirement_names_its_registry(settle: Settle) -> None:
    for first in ("acme", "public"):
        choice = settle(f'registry = "{first}"')
        found = open_reference(needing("helper", "acme"), choice)
        assert found.program.callees["helper"].workflow.version == "1.0.0"
        assert found.lock.workflows["helper"].registry == ("public" if first == "acme" else "acme")


def test_a_published_version_s_requirement_means_its_own_registry(settle: Settle) -> None:
    """Whoever publishes `helper` in the first registry gives none of their code to users of acme's tool."""
    choice = settle('registry = ["public", "acme"]')
    found = open_reference("tool", choice)
    assert found.program.callees["helper"].workflow.version == "1.0.0"
    assert found.lock.workflows["helper"].registry == "acme"


def test_two_registries_of_one_name_are_a_conflict(settle: Settle) -> None:
    needing("tool", "acme")
    text = Path("workflow-resource.yaml").read_text()
    Path("workflow-resource.yaml").write_text(
        text.replace("workflows: [", "workflows: [{ name: helper, version: '2.0.0' }, ")
    )
    with pytest.raises(ConflictError, match="no version of helper satisfies everyone") as caught:
        open_reference("./workflow-resource.yaml", settle('registry = "public"'))
    assert "helper * of the registry acme" in caught.value.reason


def test_a_registry_that_nobody_named_is_reported(settle: Settle) -> None:
    with pytest.raises(UsageError, match="of the registry 'own', and none of that name") as caught:
        open_reference(needing("helper", "own"), settle('registry = "public"'))
    assert "puppy-cli config set registries.own" in caught.value.hint


def test_a_clone_s_settings_name_others_too(settle: Settle, tmp_path: Path) -> None:
    settings = tmp_path / "public/registry/registry.yaml"
    settings.write_text(settings.read_text() + 'registries: { own: "http://127.0.0.1:1/own" }\n')
    with pytest.raises(RegistryError, match="the download failed") as caught:
        open_reference(needing("helper", "own"), settle('registry = "public"'))
    assert caught.value.location.startswith("http://127.0.0.1:1/own")


def test_a_name_stays_in_the_registry_that_it_is_locked_to(settle: Settle) -> None:
    both = settle('registry = ["acme", "public"]')
    assert install(["helper"], both, Path()).lock.workflows["helper"].registry == "acme"
    turned = settle('registry = ["public", "acme"]')
    with pytest.raises(RegistryError, match="locked to the registry 'acme', and would now come"):
        install(["helper"], turned, Path())
    install(["other"], turned, Path())
    kept = read_locked(Path("workflow.lock")).workflows
    assert {name: one.registry for name, one in kept.items()} == {
        "helper": "acme",
        "other": "public",
    }


def test_one_registry_needs_no_name_in_a_lock(settle: Settle) -> None:
    found = open_reference("helper", settle('registry = "acme"'))
    locked = install(["helper"], settle('registry = "acme"'), Path()).lock
    assert locked.workflows["helper"].registry == "public"
    assert found.lock == Lock()


def test_lists_hold_all_names_the_first_s_own(settle: Settle) -> None:
    reader = open_reader(settle('registry = ["acme", "public"]'))
    assert list(reader.names()) == ["helper", "other", "tool"]
    assert [(s["name"], s["version"]) for s in reader.summaries()] == [
        ("helper", "1.0.0"),
        ("other", "1.0.0"),
        ("tool", "1.0.0"),
    ]
    assert list(reader.versions("nothing")) == []

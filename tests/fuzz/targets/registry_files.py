"""`owners.yaml` and `registry.yaml`: refused at their places, or people and environments as they stand there."""

from __future__ import annotations

from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.owners import load_owners
from registry_tool.manifest.source import load_tree
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target
from tests.fuzz.targets.yaml_loader import refused_well


def check(data: bytes) -> None:
    """The same bytes as either file."""
    _owners(data)
    _settings(data)


def _owners(data: bytes) -> None:
    try:
        owners = load_owners(data, "owners.yaml").owners
    except FindingsError as error:
        refused_well(error, data)
        return
    value = load_tree(data, "owners.yaml")
    assert isinstance(value, dict), "owners that are not an object"
    for person in (*owners.owners, *owners.collaborators):
        assert person.id > 0 and person.login, "a person without an id or a login"
        assert owners.may_publish(person.id), "somebody who is listed may not publish"
    assert not owners.may_publish(0), "nobody may publish"
    assert set(owners.notices) == set(value.get("yanked") or {}), "other versions are yanked"
    assert set(owners.tombstones) == set(value.get("tombstones") or {}), "other tombstones"
    for version, notice in owners.notices.items():
        assert notice.reason and owners.notice(version), "a notice that says nothing"


def _settings(data: bytes) -> None:
    try:
        settings = read_settings(data, "registry.yaml")
    except FindingsError as error:
        refused_well(error, data)
        return
    value = load_tree(data, "registry.yaml")
    assert isinstance(value, dict), "settings that are not an object"
    assert set(settings.environments) == set(value.get("environments") or {}), "other environments"
    for person in (*settings.maintainers, *settings.access.members):
        assert person.id > 0 and person.login, "a person without an id or a login"


def _seeds() -> dict[str, bytes]:
    found = seeds.small(seeds.files(".yaml", ".json", ".txt"), TARGET.largest)
    named = ("owners", "registry.yaml", "registry-")
    tests = {**seeds.texts_of_tests("catalogue"), **seeds.texts_of_tests("manifest")}
    return {name: data for name, data in found.items() if any(one in name for one in named)} | tests


_WORDS = (
    *("owners: ", "collaborators: ", "{ login: ada, id: 1 }", "yanked: ", "tombstones: ", "lifted: ", "removed: "),
    *("deprecated: ", "reason: x", "level: block", "replacement: a", "policy: ", "maintainers: ", "access: "),
    *("members: ", "role: admin", "teams: ", "plans: ", "environments: ", "schedules: ", "cron: '* * * * *'"),
    *("limits: ", "strategy: ", "watch: ", "after: ", "approval: pull-request", "runs_per_month: unlimited"),
    *("null", "{}", "[]", '""', "0", "-1", "true", "1.0.0", "x-own: 1"),
)  # fmt: skip

TARGET = Target(
    "registry-files",
    "registry_tool/manifest/owners.py, registry_tool/catalogue/settings.py",
    check,
    _seeds,
    _WORDS,
    mutations.lines,
)

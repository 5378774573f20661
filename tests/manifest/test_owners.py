"""`owners.yaml`: who may publish, and what is said against versions."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import FindingsError
from registry_tool.manifest.notice import Level, Notice
from registry_tool.manifest.owners import OwnerAccount, read_owners

TEXT = """\
owners: [{ login: ada, id: 1 }]
collaborators: [{ login: bob, id: 2 }]
deprecated: { reason: Use better, level: warn }
replacement: better
yanked:
  1.0.0: It leaks
  1.1.0: { reason: Slow, level: notice, replacement: 1.1.1 }
tombstones: { 0.9.0: It held a key }
"""


def refused(text: str) -> str:
    with pytest.raises(FindingsError) as caught:
        read_owners(text.encode(), "owners.yaml")
    return str(caught.value)


def test_who_may_publish_goes_by_number_not_by_name() -> None:
    owners = read_owners(TEXT.encode(), "owners.yaml")
    assert owners.owners == (OwnerAccount("ada", 1),)
    assert [owners.is_owner(person) for person in (1, 2, 3)] == [True, False, False]
    assert [owners.may_publish(person) for person in (1, 2, 3)] == [True, True, False]


def test_the_heavier_of_a_versions_and_the_workflows_notice_counts() -> None:
    owners = read_owners(TEXT.encode(), "owners.yaml")
    line = Notice("Use better", Level.WARN, "better")
    assert owners.notice("1.0.0") == Notice("It leaks", Level.BLOCK)
    assert owners.notice("1.1.0") == owners.notice("9.9.9") == line
    assert [owners.blocked(v) for v in ("1.0.0", "1.1.0", "0.9.0")] == [True, False, False]
    assert owners.tombstones == {"0.9.0": "It held a key"}


def test_a_word_alone_is_a_reason() -> None:
    owners = read_owners(
        b"owners: [{login: a, id: 1}]\ndeprecated: Old\nreplacement: new\n", "owners.yaml"
    )
    assert owners.deprecated == Notice("Old", Level.WARN, "new")
    assert not owners.blocked("1.0.0")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: 1", "id: one", "owners.yaml:1:28: owners.0.id must be of type integer"),
        ("login: ada, id: 1", "login: ada", "owners.yaml:1:10: owners.0 needs the key 'id'"),
        ("level: warn", "level: loud", "must be one of"),
        ("owners:", "x-owners:", "needs the key 'owners'"),
        ("owners:", "owner:", "did you mean 'owners'?"),
        ("tombstones:", "tombstone:", "the key 'tombstone' is not known here"),
    ],
)
def test_a_mistake_is_reported_with_its_place(old: str, new: str, expected: str) -> None:
    assert expected in refused(TEXT.replace(old, new, 1))

"""Keyrings that work, that keep nothing, and that don't answer.

The real ones belong to a desktop's session, which tests have not: backends here are hand-written, on the library's
own base class, and chosen as the library chooses them.
"""

from __future__ import annotations

import pytest
from keyring import backend, set_keyring
from keyring.backends import chainer, fail, null

from registry_tool.forge.tokens.system_keyring import KeyringError, SystemKeyring, system_keyring

SECRET = "gho_0123456789abcdefghij"


class Working(backend.KeyringBackend):
    """Keeps what it is given."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Forgetful(Working):
    """Says nothing and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Locked(Working):
    """Quotes what it was to keep."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(f"locked, and {SECRET} is in this sentence")


@pytest.fixture(autouse=True)
def _restored() -> object:
    yield
    set_keyring(null.Keyring())


def test_a_token_is_kept_and_removed() -> None:
    keyring = SystemKeyring(Working(), "Working")
    assert keyring.write("github.com", SECRET) is not None
    found = keyring.read("github.com")
    assert found is not None
    assert (found.secret, found.source) == (SECRET, "the keyring (Working)")
    assert keyring.read("github.example") is None
    assert keyring.remove("github.com")
    assert not keyring.remove("github.com")


def test_one_that_keeps_nothing_is_not_relied_on() -> None:
    assert SystemKeyring(Forgetful(), "Forgetful").write("github.com", SECRET) is None


def test_one_that_does_not_answer_is_reported_without_its_words() -> None:
    with pytest.raises(KeyringError, match="OSError") as refused:
        SystemKeyring(Locked(), "Locked").read("github.com")
    assert SECRET not in str(refused.value)
    assert SystemKeyring(Locked(), "Locked").write("github.com", SECRET) is None


@pytest.mark.parametrize("nothing", [fail.Keyring, null.Keyring, chainer.ChainerBackend])
def test_backends_that_keep_nothing_count_as_none(
    nothing: type[backend.KeyringBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", ())
    set_keyring(nothing())
    assert system_keyring() is None


def test_the_machines_own_is_taken() -> None:
    own = Working()
    set_keyring(own)
    found = system_keyring()
    assert found is not None
    assert found.backend is own


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    assert system_keyring() is None

"""Providers and publishers out of `registry.yaml`."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.identities import GITHUB_ACTIONS
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError
from tests.conftest import REGISTRY

PROVIDER = """\
access:
  providers:
    corporate: { issuer: "https://login.example.com/", client_id: x, subjects: { 00u1: ada }, amr: [mfa] }
"""
PUBLISHER = """\
access:
  publishers:
    - { repository: octo/flows, repository_id: 42, environment: release, member: ada, workflows: [hello] }
"""


def test_they_are_read() -> None:
    (provider,) = read_settings((REGISTRY + PROVIDER).encode(), "").identities.providers
    assert (provider.name, provider.issuer) == ("corporate", "https://login.example.com")
    assert (provider.subjects, provider.amr) == ({"00u1": "ada"}, ("mfa",))
    (publisher,) = read_settings((REGISTRY + PUBLISHER).encode(), "").identities.publishers
    assert (publisher.issuer, publisher.workflows) == (GITHUB_ACTIONS, ("hello",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://login", "http://login"),
        ("https://login", "file://login"),
        ("subjects: { 00u1: ada }, ", ""),
        ("corporate:", "Corporate!:"),
    ],
)
def test_an_unsafe_provider_is_refused(old: str, new: str) -> None:
    with pytest.raises(FindingsError):
        read_settings((REGISTRY + PROVIDER.replace(old, new)).encode(), "")


def test_a_publisher_names_its_environment_and_its_id() -> None:
    for gone in ("repository_id: 42, ", "environment: release, ", "workflows: [hello]"):
        with pytest.raises(FindingsError):
            read_settings((REGISTRY + PUBLISHER.replace(gone, "")).encode(), "")

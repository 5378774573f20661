from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from registry_tool.catalogue.environments import UNLIMITED, Approval, Role
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError

ROOT = Path(__file__).parents[2]
SETTINGS = """\
name: A registry
environments:
  staging: {}
  production:
    after: staging
    approval: pull-request
    approvers: ["@acme/ops", "@ada"]
    secrets: [OPENAI_API_KEY]
    runners: { standard: ubuntu-latest, gpu: big-one }
    limits: { memory: 2Gi, timeout: 15m, tokens_per_run: 1000 }
    strategy: { type: blue-green }
    llm_model: small
    variables: { tone: kind }
    x-note: not for the run
access:
  visibility: private
  default_role: reader
  default_plan: free
  members: [{ login: ada, id: 7, role: admin, plan: large }]
  teams: { ops: [7, 8] }
plans:
  free: { runs_per_month: 100 }
  large: { runs_per_month: unlimited, cost_per_month: 20 }
"""


def test_an_environment_parts_what_is_its_own_from_what_a_run_gets() -> None:
    production = read_settings(SETTINGS.encode(), "registry.yaml").environments["production"]
    assert production.after == "staging"
    assert production.approval is Approval.PULL_REQUEST
    assert production.approvers == ("@acme/ops", "@ada")
    assert production.secrets == ("OPENAI_API_KEY",)
    assert production.runners["gpu"] == "big-one"
    assert production.limits["tokens_per_run"] == 1000
    assert production.overlay == {"llm_model": "small", "variables": {"tone": "kind"}}


def test_access_and_plans() -> None:
    settings = read_settings(SETTINGS.encode(), "registry.yaml")
    access = settings.access
    assert access.private
    assert access.default_role is Role.READER
    assert access.teams["ops"] == {7, 8}
    member = access.member(7)
    assert member is not None
    assert (member.role, member.plan) == (Role.ADMIN, "large")
    assert access.member(8) is None
    assert settings.plans["free"].runs_per_month == 100
    assert settings.plans["large"].runs_per_month == UNLIMITED
    assert settings.plans["large"].cost_per_month == 20


def test_roles_grow() -> None:
    for lower, higher in itertools.combinations(Role, 2):
        assert higher.includes(lower)
        assert not lower.includes(higher)
        assert lower.includes(lower)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("environments: { p: { secrets: [sk-live-123] } }", "sk-live-123"),
        ("environments: { p: { strat: canary } }", "strat"),
        ("environments: { p: { limits: { memory: lots } } }", "lots"),
        ("environments: { p: { approval: maybe } }", "maybe"),
        ("plans: { free: { runs_per_month: -1 } }", "-1"),
        ("access: { members: [{ login: ada, role: admin }] }", "id"),
        ("access: { default_role: admin }", "admin"),
    ],
)
def test_what_is_refused(text: str, where: str) -> None:
    with pytest.raises(FindingsError, match=r"(?s)registry.yaml") as caught:
        read_settings(f"name: A registry\n{text}\n".encode(), "registry.yaml")
    finding = caught.value.findings[0]
    assert finding.line == 2
    assert where in finding.message


def test_this_registry_has_the_design_documents_plans() -> None:
    settings = read_settings((ROOT / "registry/registry.yaml").read_bytes(), "registry.yaml")
    runs = {name: plan.runs_per_month for name, plan in settings.plans.items()}
    assert runs == {"free": 100, "professional": 10_000, "enterprise": UNLIMITED}

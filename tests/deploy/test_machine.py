"""Deploy, promote, approve, roll back, die, reconcile in any order, on a real repository, and what must hold."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.approval import approval_bytes, approval_path
from registry_tool.deploy.model import Deployment, Phase, StageEvent
from registry_tool.deploy.transitions import LeaseLostError
from registry_tool.store.git.new_objects import Identity
from tests.commands.deploying import QUICK, Scene, check, scene_of
from tests.conftest import RegistryFolder

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  below: {}
  above: { after: below }
  guarded: { after: below, approval: pull-request, approvers: ["@ada"] }
"""
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
STAGES = ("select", "configure", "resolve", "allocate", "health-check", "switch", "watch")
WATCH: Any = {"metrics": [{"metric": "error_rate", "max": 0.2}]}
STRATEGIES: list[Any] = [
    {"type": "all-at-once"},
    {"type": "blue-green"},
    {"type": "canary"},
    {"type": "canary", "unmeasured": "advance"},
    {"type": "canary", "steps": [{"weight": 5, "pause": "until-promoted"}]},
    {"type": "canary", "steps": [{"weight": 5, "pause": "10m"}], "watch": WATCH},
    {"type": "all-at-once", "watch": WATCH},
]
ENVIRONMENTS = ("below", "above", "guarded")
ENVIRONMENT = st.sampled_from(ENVIRONMENTS)


class Killed(BaseException):
    """Stands for kill -9 within a process: nothing is cleaned up."""


class Deployments(RuleBasedStateMachine):
    """One workflow in two environments. Dead deployers are known to be dead, so that nobody waits for a lease."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="deployments-"))
        registry = RegistryFolder(self.folder / "registry", git=True)
        for version in VERSIONS:
            registry.add("hello", version)
        self.scene: Scene = scene_of(registry, SETTINGS)
        self.dead: set[str] = set()
        self.policy = replace(QUICK, dead=self.dead.__contains__, longest=2.0)
        self.approved: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def how(self, **more: Any) -> Any:
        return self.scene.how(policy=self.policy, **more)

    def state(self, environment: str) -> Deployment | None:
        return self.scene.target.store().find(environment, "hello")

    @initialize()
    def begin(self) -> None:
        self.scene.runs.made = dict.fromkeys(VERSIONS, (40, 0))

    @rule(version=st.sampled_from(VERSIONS), errors=st.sampled_from([0, 40]))
    def runs_go_well_or_badly(self, version: str, errors: int) -> None:
        self.scene.runs.made[version] = (40, errors)

    @rule(seconds=st.sampled_from([1, 601, -100_000]))
    def time_passes(self, seconds: int) -> None:
        self.scene.clock.forward(seconds)

    @rule(
        version=st.sampled_from(VERSIONS), environment=ENVIRONMENT, how=st.sampled_from(STRATEGIES)
    )
    def deploy(self, version: str, environment: str, how: Any) -> None:
        before = self.state(environment)
        try:
            deploy(self.scene.target, f"hello:{version}", environment, how=self.how(strategy=how))
        except RegistryError:
            after = self.state(environment)
            if before is not None and before.rollout is None and before.serves:
                assert after is not None
                assert after.main.version == before.main.version

    @rule(
        version=st.sampled_from(VERSIONS),
        environment=ENVIRONMENT,
        how=st.sampled_from(STRATEGIES),
        stage=st.sampled_from(STAGES),
    )
    def deploy_and_die(self, version: str, environment: str, how: Any, stage: str) -> None:
        def on_event(event: StageEvent) -> None:
            if event.stage == stage:
                raise Killed

        try:
            deploy(
                self.scene.target, f"hello:{version}", environment, on_event, self.how(strategy=how)
            )
        except Killed:
            state = self.state(environment)
            if state is not None and state.rollout is not None:
                self.dead.add(state.rollout.holder)
        except RegistryError:
            pass

    @rule(environment=ENVIRONMENT, how=st.sampled_from(STRATEGIES))
    def promote(self, environment: str, how: Any) -> None:
        below = self.state("below")
        waits = (state := self.state(environment)) and state.rollout and state.rollout.phase.waits
        try:
            after = promote(self.scene.target, "hello", environment, how=self.how(strategy=how))
        except RegistryError:
            return
        if not waits and not (after.rollout and after.rollout.phase is Phase.APPROVAL):
            assert below is not None
            served = {entry.version for entry in after.serving}
            assert below.main.version in served

    @rule(environment=ENVIRONMENT)
    def roll_back(self, environment: str) -> None:
        before = self.state(environment)
        try:
            after = rollback(self.scene.target, "hello", environment, how=self.how())
        except RegistryError:
            assert before is None or (before.rollout is None and before.previous is None)
            return
        assert before is not None
        assert after.rollout is None
        if before.rollout is None:
            assert before.previous is not None
            assert after.main.same_as(before.previous)
        elif before.rollout.stable is not None:
            assert after.main.same_as(before.rollout.stable)

    @rule(mine=st.booleans())
    def approve(self, *, mine: bool) -> None:
        """Somebody merges an approval: of what waits, or of something else."""
        state = self.state("guarded")
        if state is None or state.rollout is None or state.rollout.candidate is None:
            return
        other = replace(state.rollout.candidate, digest="sha256:" + "0" * 64)
        asked = state.rollout if mine else replace(state.rollout, candidate=other)
        files = {approval_path(state, asked): approval_bytes(state, asked)}
        who = Identity("ada", "ada@example.com", "2026-01-01T00:00:00Z")
        self.scene.target.store().branch.write(lambda _: files, "Approve", who)
        if mine:
            self.approved.add(state.rollout.deployment)

    @rule()
    def reconcile(self) -> None:
        reconcile(self.scene.target, how=self.how())
        for state in self.scene.target.store().all():
            assert state.rollout is None or state.rollout.phase.waits

    @rule(version=st.sampled_from(VERSIONS), environment=ENVIRONMENT)
    def a_rival_is_overtaken_in_the_middle(self, version: str, environment: str) -> None:
        """A rollback while a deployer is at work: it ends there and writes nothing more."""
        before = self.state(environment)
        ended: list[Deployment] = []

        def on_event(event: StageEvent) -> None:
            if event.stage == "resolve":
                ended.append(
                    rollback(
                        self.scene.target, "hello", environment, how=self.how(), only_abort=True
                    )
                )

        try:
            deploy(self.scene.target, f"hello:{version}", environment, on_event, self.how())
        except LeaseLostError:
            assert ended == [self.state(environment)]
            if before is not None and before.rollout is None:
                assert ended[0].serving == before.serving
        except RegistryError:
            pass

    @invariant()
    def all_is_well(self) -> None:
        for environment in ENVIRONMENTS:
            view = self.scene.target.store().view(environment, "hello")
            state = view.deployment
            if state is None:
                continue
            events = view.events()
            check(state, events)
            if environment == "guarded":
                read = [json.loads(data) for _, data in events]
                assert {e["deployment"] for e in read if e["stage"] == "switch"} <= self.approved
            history = view.history()
            for entry in (*state.serving, *([state.previous] if state.previous else [])):
                assert entry.digest
                if state.rollout is None:
                    assert any(entry.same_as(known) for known in history.known)
            if state.rollout is not None and state.rollout.phase.waits:
                assert state.rollout.holder == ""
            if state.rollout is not None and state.rollout.phase is Phase.STAGES:
                assert state.rollout.step == 0


Deployments.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestDeployments = pytest.mark.e2e(Deployments.TestCase)

"""The environment that a called workflow runs in: its own, below what the operator set for the whole run."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry_tool.core.values import Frozen
from registry_tool.manifest.model import Environment, Workflow

REPEATED: Final = "repeated"
"""In a deployment's configuration: the keys that the operator set though the manifest says the same."""

_OF_THE_RUN: Final = ("provider", "substitute", "embedding_model", "transcription_model")
"""Overrides that choose what all workflows of a run share; a called one has no say in them."""


def callee_environment(callee: Workflow, run: Environment) -> Environment:
    """With what a workflow runs that another one calls in the environment `run` of the whole run.

    Where the callee's manifest has an environment of that name: that one, with the registry's and the deployment's
    settings (`run.overlay`) on top; else the run's. Variables are its own and the overlay's, never its caller's.
    """
    own = callee.environment_by_name.get(run.name)
    variables = {**(own.variables if own else {}), **run.overlay_variables}
    if own is None:
        return replace(run, variables=variables)
    return replace(run, overrides=_overrides(own, run), variables=variables)


def _overrides(own: Environment, run: Environment) -> Frozen:
    mine = {key: value for key, value in own.overrides.items() if key not in _OF_THE_RUN}
    shared = {key: run.overrides[key] for key in _OF_THE_RUN if key in run.overrides}
    return {**mine, **run.overlay, **shared}

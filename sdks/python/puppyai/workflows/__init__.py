"""Workflows as resources: build them, find them, run them."""

from puppyai.workflows.builder import BuiltWorkflow, WorkflowBuilder
from puppyai.workflows.client import Result, Workflow, WorkflowClient

__all__ = ["BuiltWorkflow", "Result", "Workflow", "WorkflowBuilder", "WorkflowClient"]

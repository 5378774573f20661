"""Use workflows from Python."""

from puppyai.workflows.builder import BuiltWorkflow, WorkflowBuilder

__all__ = ["BuiltWorkflow", "WorkflowBuilder"]

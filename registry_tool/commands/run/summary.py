"""What a job tells of its run: outputs for its later steps, a summary for its page."""

from __future__ import annotations

from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.outcome import RunOutcome
from registry_tool.core.values import Object
from registry_tool.engine.answerers import answered_words
from registry_tool.report.run_summary import run_summary


def outputs_of(made: Admission) -> Object:
    """What later steps and jobs need of an admission, by name."""
    return {
        "execution_id": made.execution_id,
        "version": made.serving.version,
        "runner": str(made.serving.allocation.get("runner") or "ubuntu-latest"),
        "timeout_minutes": max(1, -(-int(made.timeout) // 60)),
        "retention_days": made.retention_days or 30,
        "encrypted": bool(made.encryption),
        "artifact": made.artifact,
    }


def summary_of(admitted: Admission, ended: RunOutcome) -> str:
    """The run on its job's page, in Markdown: no input, no output, no text of an error."""
    usage = ended.usage
    return run_summary(
        f"{admitted.workflow}:{admitted.serving.version} in {admitted.environment}: {ended.status}",
        {
            "execution": admitted.execution_id,
            "deployment": admitted.serving.deployment,
            "seconds": ended.seconds,
            "model calls": usage.calls,
            "tokens in": usage.input_tokens,
            "tokens out": usage.output_tokens,
            "dollars": usage.cost_usd,
            "answered by": answered_words(ended.answered_by, ended.instead_of),
            "error": ended.error_kind,
            "ceiling in tokens": admitted.ceiling.tokens,
            "ceiling in dollars": admitted.ceiling.cost,
            "plan": admitted.left.words(),
            "payload": ended.payload.digest if ended.payload else "",
            "kept for days": admitted.retention_days or "",
        },
    )

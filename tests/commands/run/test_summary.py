from __future__ import annotations

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.outcome import RunOutcome
from registry_tool.commands.run.summary import outputs_of, summary_of
from registry_tool.engine.providers.models.base import Usage
from registry_tool.state.target import Target


def test_a_job_gets_what_it_needs_and_its_page_tells_no_payload(served: Target) -> None:
    asked = ExecuteRequest("hello", {"who": "Ada"})
    made = admit(served, "production", asked, Requester(8, "bob"), execution_id="exec-1")
    result = outputs_of(made)
    assert (result["execution_id"], result["version"], result["artifact"]) == (
        "exec-1",
        "1.0.0",
        "run-exec-1",
    )
    assert result["runner"]
    page = summary_of(made, RunOutcome("exec-1", "error", 1.5, Usage(10, 5, 1, 0.25), "provider"))
    assert "error" in page.splitlines()[0]
    for fact in ("| model calls | 1 |", "| error | provider |"):
        assert fact in page
    assert "Ada" not in page + str(result)
    assert "bob" not in page + str(result)

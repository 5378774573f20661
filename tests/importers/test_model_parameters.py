"""Numbers of a foreign model's parameters."""

from __future__ import annotations

from registry_tool.importers.model_parameters import parameter_of


def test_a_number_is_taken_or_the_reason_is_said() -> None:
    assert parameter_of("max_tokens", 20.0) == (20, "")
    assert isinstance(parameter_of("max_tokens", 20.0)[0], int)
    assert parameter_of("temperature", 0.5) == (0.5, "")
    assert "0" in parameter_of("temperature", -1)[1]
    assert parameter_of("max_tokens", 0)[1]

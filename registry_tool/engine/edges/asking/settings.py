"""Which model an edge asks and how: what its configuration, the blocks at its ends and the environment say."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import EdgeConfig, spelled
from registry_tool.engine.edges.spellings import only_key

DEFAULT_MODEL: Final = "gpt-4o-mini"


@dataclass(frozen=True, kw_only=True)
class ModelConfig(EdgeConfig):
    """The fields of every edge that may ask a model."""

    model: str = field(default="", metadata=spelled(form=only_key))
    temperature: float | None = None
    max_tokens: int | None = None
    base_url: str = ""
    top_p: float | None = None
    stop: str | tuple[str, ...] = ""
    presence_penalty: float | None = None
    frequency_penalty: float | None = None

    def parameters(self) -> Object:
        """Further parameters of a chat completion; a server that doesn't know one says so."""
        stop: Value = self.stop if isinstance(self.stop, str) else list[Value](self.stop)
        wanted: Object = {
            "top_p": self.top_p,
            "stop": stop,
            "presence_penalty": self.presence_penalty,
            "frequency_penalty": self.frequency_penalty,
        }
        return {key: value for key, value in wanted.items() if value not in (None, "", [])}


def _functions(value: Value) -> Value:
    """Functions that the model may call, each without OpenAI's frame `{type, function}`."""
    items = value if isinstance(value, list) else [value]
    return [item.get("function", item) if isinstance(item, dict) else item for item in items]


@dataclass(frozen=True, kw_only=True)
class AnswerConfig(ModelConfig):
    """The fields of an edge whose target gets the model's answer; each of `tools` is `{name, …}`."""

    structured_output: bool | Frozen = False
    tools: tuple[Frozen, ...] = field(default=(), metadata=spelled(form=_functions))


class ModelSettings(Record, frozen=True):
    """Whom a question goes to; `base_url` is empty for the operator's own server."""

    model: str = DEFAULT_MODEL
    temperature: float | None = None
    max_tokens: int | None = None
    base_url: str = ""

    def to_value(self) -> Object:
        """Only what is set."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "")}


def model_settings(call: EdgeCall, services: Services, config: EdgeConfig) -> ModelSettings:
    """The environment's overrides, else the edge's configuration, else the `llm` block at one of its ends."""
    settings = ModelSettings()
    for block in (*call.sources, *call.targets):
        if block.type == "llm":
            settings = _over(settings, {"model": block.metadata.get("model")})
            settings = _over(settings, block.config)
    if isinstance(config, ModelConfig):
        settings = _over(settings, _said(config))
    overrides = services.overrides
    return _over(
        settings, {**overrides, "model": overrides.get("llm_model", overrides.get("model"))}
    )


def _said(config: ModelConfig) -> Object:
    return {
        "model": config.model,
        "temperature": config.temperature,
        "max_tokens": config.max_tokens,
        "base_url": config.base_url,
    }


def _over(settings: ModelSettings, overrides: Frozen) -> ModelSettings:
    """The settings with what a block, an edge or an environment says; it may say more, which is not for models."""
    temperature, most = _number(overrides.get("temperature")), _number(overrides.get("max_tokens"))
    return replace(
        settings,
        model=str(overrides.get("model") or settings.model),
        temperature=settings.temperature if temperature is None else temperature,
        max_tokens=settings.max_tokens if most is None else int(most),
        base_url=str(overrides.get("base_url") or settings.base_url),
    )


def _number(value: Value) -> float | None:
    """A number; None for everything else, and for the booleans that Python counts among them."""
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value

"""Plans: what an actor may use in a month (UTC), what was used, and what is left. Pure.

What is not known counts in full: a run that is under way, or was lost, has used its ceiling.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from registry_tool.catalogue.environments import UNLIMITED, AccessSettings, QuotaPlan
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.monitoring.records import month_after
from registry_tool.monitoring.runs import Run


class QuotaError(RegistryError):
    """A plan's month is used up: says of what, when it begins anew, and the fix."""


class QuotaUsage(Record, frozen=True):
    """Runs, tokens and dollars."""

    runs: int = 0
    tokens: int = 0
    cost: float = 0.0


class RemainingQuota(Record, frozen=True):
    """What a plan still gives in a month; None where it sets no bound. `resets` is RFC 3339."""

    plan: str = ""
    runs: int | None = None
    tokens: int | None = None
    cost: float | None = None
    resets: str = ""

    def to_value(self) -> Object:
        """As commands print it."""
        return {
            "plan": self.plan,
            "runs": self.runs,
            "tokens": self.tokens,
            "cost": None if self.cost is None else round(self.cost, 6),
            "resets": self.resets,
        }

    def words(self) -> str:
        """`3 runs, 1200 tokens and $0.5 are left of the plan free`."""
        kinds = {
            "runs": self.runs,
            "tokens": self.tokens,
            "dollars": None if self.cost is None else round(self.cost, 6),
        }
        amounts = [f"{amount} {kind}" for kind, amount in kinds.items() if amount is not None]
        if not amounts:
            return f"the plan {self.plan} sets no bound" if self.plan else "no plan bounds it"
        return f"{', '.join(amounts)} left of the plan {self.plan} until {self.resets}"


def plan_of(
    person: int, access: AccessSettings, plans: Mapping[str, QuotaPlan]
) -> QuotaPlan | None:
    """A person's own plan, else the registry's default one; None where there is neither."""
    member = access.member(person)
    name = (member.plan if member else "") or access.default_plan
    if not name:
        return None
    if name not in plans:
        raise RegistryError(
            f"{name!r} is not a plan of this registry",
            location="registry/registry.yaml",
            hint=f"it has {', '.join(plans) or 'none'}: name one of them, or add it under plans",
        )
    return plans[name]


def used(runs: Iterable[Run], actors: Container[str]) -> QuotaUsage:
    """What one person used; `actors` are all pseudonyms that stand for them."""
    total = QuotaUsage()
    for run in runs:
        if run.start.actor in actors:
            tokens, cost = _spent(run)
            total = QuotaUsage(total.runs + run.counted, total.tokens + tokens, total.cost + cost)
    return total


def _spent(run: Run) -> tuple[int, float]:
    usage, start = run.usage, run.last_start
    if run.is_known:
        return usage.tokens, usage.cost_usd or 0.0
    if run.again:  # what earlier attempts used is known, the last one may use its ceiling
        return (
            usage.tokens + (start.max_tokens or 0),
            (usage.cost_usd or 0.0) + (start.max_cost or 0.0),
        )
    return max(usage.tokens, start.max_tokens or 0), max(
        usage.cost_usd or 0.0, start.max_cost or 0.0
    )


def left(plan: QuotaPlan | None, spent: QuotaUsage, month: str) -> RemainingQuota:
    """What remains of a month."""
    if plan is None:
        return RemainingQuota()
    return RemainingQuota(
        plan.name,
        None if plan.runs_per_month == UNLIMITED else max(plan.runs_per_month - spent.runs, 0),
        _rest(plan.tokens_per_month, spent.tokens),
        None if plan.cost_per_month is None else max(plan.cost_per_month - spent.cost, 0.0),
        f"{month_after(month)}-01T00:00:00Z",
    )


def _rest(most: int | None, spent: int) -> int | None:
    return None if most is None else max(most - spent, 0)


def demand(rest: RemainingQuota, runs: int) -> None:
    """`QuotaError` unless so many runs may begin."""
    if rest.runs is not None and rest.runs < runs:
        wanted = "no run is" if not rest.runs else f"only {rest.runs} of {runs} runs are"
        raise _refused(wanted, rest)
    if rest.tokens is not None and rest.tokens <= 0:
        raise _refused("no token is", rest)
    if rest.cost is not None and rest.cost <= 0:
        raise _refused("no dollar is", rest)


def _refused(what: str, rest: RemainingQuota) -> QuotaError:
    return QuotaError(
        f"{what} left of the plan {rest.plan} this month; it begins anew at {rest.resets}",
        hint="wait until then, or ask a maintainer for another plan "
        "(access.members in registry/registry.yaml)",
    )

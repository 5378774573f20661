"""What repeated runs of a case tell: a pass rate, how sure it is, and what that makes of the case."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from registry_tool.engine.assertions.base import Outcome

_Z = 1.959963984540054  # 95 %


def wilson(passes: int, runs: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953)."""
    if not runs:
        return 0.0, 1.0
    rate, z2 = passes / runs, _Z * _Z
    middle = (rate + z2 / (2 * runs)) / (1 + z2 / runs)
    reach = _Z * math.sqrt(rate * (1 - rate) / runs + z2 / (4 * runs * runs)) / (1 + z2 / runs)
    low = max(0.0, middle - reach) if passes else 0.0  # rounding must not leave the seen rate out
    return low, min(1.0, middle + reach) if passes < runs else 1.0


def outcome_of(runs: Sequence[Outcome], wanted: float) -> Outcome:
    """A case's outcome by its runs' outcomes and the pass rate that it wants.

    It passes where enough runs passed. It is inconclusive where those that could not be judged might still make
    up the rate, or where the rate that was seen is too low but the runs are too few to say that the true one is.
    """
    count = Counter(runs)
    passes, total = count[Outcome.PASSED], len(runs)
    enough = wanted * total - 1e-9
    if passes >= enough:
        return Outcome.PASSED
    if count[Outcome.ERROR]:
        return Outcome.ERROR
    if passes + count[Outcome.INCONCLUSIVE] >= enough:
        return Outcome.INCONCLUSIVE
    highest = wilson(passes, total)[1]
    return Outcome.INCONCLUSIVE if total > 1 and highest >= wanted else Outcome.FAILED

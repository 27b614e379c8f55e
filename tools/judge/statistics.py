"""Whether two rankings differ, and by how much. Pure functions; the random ones are the same for
the same seed.
"""

from collections.abc import Sequence
from random import Random

ROUNDS = 10_000
EXACT_UP_TO = 12
"""Pairs for which all sign patterns (4,096) are tried rather than drawn."""


def interval(values: Sequence[float], *, rounds: int = 2_000, seed: int = 7) -> tuple[float, float]:
    """95 % bootstrap interval of the mean (percentile method: Efron, 1979): what other queries of
    the same sort would have given. ValueError without values.
    """
    if not values:
        raise ValueError("no values, no interval")
    drawn = Random(seed)  # noqa: S311 - nothing secret
    means = sorted(sum(drawn.choices(values, k=len(values))) / len(values) for _ in range(rounds))
    return means[round(0.025 * (rounds - 1))], means[round(0.975 * (rounds - 1))]


def permutation_p(differences: Sequence[float], *, rounds: int = ROUNDS, seed: int = 7) -> float:
    """Two-sided p-value of a paired permutation test: how often random signs give a mean as far
    from
    0.

    Queries without a difference take no part: they say the same under any sign. 1 when all are
    equal.
    """
    moved = [one for one in differences if one]
    if not moved:
        return 1.0
    observed = abs(sum(moved)) - 1e-12
    count = len(moved)
    if count <= EXACT_UP_TO:
        patterns: Sequence[int] = range(1 << count)
        extreme = sum(abs(_signed(moved, pattern)) >= observed for pattern in patterns)
        return extreme / len(patterns)
    draw = Random(seed).getrandbits  # noqa: S311 - nothing secret
    extreme = sum(abs(_signed(moved, draw(count))) >= observed for _ in range(rounds))
    return (extreme + 1) / (rounds + 1)  # the observed pattern is one of those possible


def _signed(values: Sequence[float], pattern: int) -> float:
    """The sum, each value's sign turned where the pattern has a bit."""
    return sum(-value if pattern >> place & 1 else value for place, value in enumerate(values))


def rbo(one: Sequence[str], other: Sequence[str], persistence: float = 0.9) -> float:
    """Rank-biased overlap, extrapolated (Webber, Moffat, Zobel 2010, equation 32); 1 equal, 0
    disjoint.

    `persistence` 0.9: a reader goes on to the next hit nine times out of ten. Lists may differ in
    length.
    """
    short, long = sorted((one, other), key=len)
    if not long:
        return 1.0
    if not short:
        return 0.0
    p, seen_short, seen_long = persistence, set[str](), set[str]()
    overlap, overlap_short, total = 0, 0, 0.0
    for depth in range(1, len(long) + 1):
        if depth <= len(short):
            seen_short.add(short[depth - 1])
        seen_long.add(long[depth - 1])
        overlap = len(seen_short & seen_long)
        total += overlap / depth * p**depth
        if depth == len(short):
            overlap_short = overlap
        elif depth > len(short):
            total += overlap_short * (depth - len(short)) / (depth * len(short)) * p**depth
    tail = (overlap - overlap_short) / len(long) + overlap_short / len(short)
    return total * (1 - p) / p + tail * p ** len(long)


def jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    """Shared members over all members; 1 when both are empty."""
    everyone = set(one) | set(other)
    return len(set(one) & set(other)) / len(everyone) if everyone else 1.0

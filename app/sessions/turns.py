"""Whose turn it is: fewest turns first, then the order in which people came. Pure."""

from collections import Counter
from collections.abc import Sequence


def next_seat(order: Sequence[str], had: Sequence[tuple[str, str]], *, one_round: bool) -> str | None:
    """The seat whose turn comes next, or None when nobody's does.

    `order`: the seats that take turns, first come first. `had`: the turns of this step so far, oldest first, each as
    (seat, how it ended: "done", "passed" or "skipped"). With `one_round` everybody has one turn; otherwise it goes on
    round after round, until a whole round has passed.
    """
    if not order:
        return None
    counts = Counter(seat for seat, _ in had)
    fewest = min(counts[seat] for seat in order)
    if one_round and fewest >= 1:
        return None
    last_round = had[-len(order) :]
    if len(last_round) == len(order) and all(ended == "passed" for _, ended in last_round):
        return None
    return next(seat for seat in order if counts[seat] == fewest)

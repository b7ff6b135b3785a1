"""When a shared lesson comes back to its team. Pure.

After 2, 7 and 21 days, as docs/method.md has it; each time it stays a few days, so that a weekend hides none. Nobody
notes who looked at a card.
"""

from datetime import date, timedelta

COMES_BACK = (2, 7, 21)
"""Days after the day of the close."""
STAYS = 5
"""Days for which it is one of today's cards; less than between any two of its returns."""
GONE_AFTER = timedelta(days=COMES_BACK[-1] + STAYS)


def turn(shared_on: date, today: date) -> int | None:
    """Which return, from 1, a lesson of `shared_on` has on `today`; None: it is not one of its days."""
    days = (today - shared_on).days
    return next((number for number, day in enumerate(COMES_BACK, 1) if day <= days < day + STAYS), None)

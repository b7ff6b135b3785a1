"""The runs: what is done to whom, how often, and what must come of it."""

from dataclasses import dataclass

from devtools.chaos import bounds, deaf, harm, kills, lines
from devtools.chaos.screens import browsers
from devtools.chaos.trial import Way


@dataclass(frozen=True)
class Size:
    """How big a run is. `times`: how often the harm is done; `pace_s`: seconds between two acts of a person; `walk_s`:
    seconds for the way through the steps, 0 where the harm itself leads the way; `groups`: so many sets of sessions
    one after the other, as over a day.
    """

    sessions: int
    people: int
    times: int
    pace_s: float = 2.2
    walk_s: float = 12.0
    groups: int = 1


@dataclass(frozen=True)
class Run:
    """`rigs`: where it is done; `quick_rigs`: where the quick set does it, if not on all of them. `screens`: people
    of each session who sit at real browsers. `alone`: needs a rig of its own. `way`: how people come to the rig
    (trial.Way). `felt`: somebody has to be told that something is not saved yet, or the harm was none.
    """

    name: str
    rigs: str
    harm: harm.Harm
    quick: Size
    full: Size
    bounds: bounds.Bounds
    moderators: int = 1
    screens: int = 0
    full_screens: int = 0
    alone: bool = False
    way: Way = "lines"
    quick_rigs: str = "ab"
    felt: bool = False


RUNS = (
    Run("Steady", "a", harm.nothing, Size(3, 6, 9), Size(30, 10, 600, 6.0, 600, groups=3), bounds.answers,
        way="direct"),
    Run("Steady", "b", harm.nothing, Size(3, 6, 9), Size(100, 10, 600, 10.0, 600, groups=6), bounds.day, way="direct"),
    Run("One room", "ab", lines.everybody_writes, Size(1, 31, 1, walk_s=0), Size(1, 101, 1, walk_s=0), bounds.seen,
        quick_rigs="a", way="direct"),
    Run("Storm", "ab", lines.storm, Size(3, 6, 2), Size(100, 10, 5, 20.0, 60), bounds.live("resumed"), quick_rigs="b"),
    Run("kill -9", "ab", kills.kill, Size(3, 6, 5, walk_s=40), Size(3, 6, 50, walk_s=400), bounds.killed),
    Run("SIGTERM", "ab", harm.terminate, Size(3, 6, 2), Size(3, 6, 20, walk_s=120), bounds.gap),
    Run("Redis", "b", harm.redis, Size(3, 6, 1), Size(3, 6, 10, walk_s=900), bounds.crossed, way="apart"),
    Run("PostgreSQL", "b", harm.postgres, Size(3, 6, 2), Size(3, 6, 10, walk_s=90), bounds.live()),
    Run("SQLite locked", "a", harm.lock, Size(2, 6, 1), Size(3, 6, 10, walk_s=200), bounds.live(), felt=True),
    Run("Disk full", "a", harm.fill_disk, Size(2, 6, 1), Size(3, 6, 3), bounds.live(), alone=True, felt=True),
    Run("Restored", "ab", harm.lose_database, Size(2, 6, 1, walk_s=0), Size(3, 6, 3, walk_s=0), bounds.live()),
    Run("Network", "ab", lines.network, Size(3, 6, 1, walk_s=60), Size(6, 6, 9, walk_s=1700), bounds.live("resumed"),
        quick_rigs="a"),
    Run("Browsers", "ab", browsers, Size(1, 6, 1, walk_s=0), Size(1, 14, 5, walk_s=0), bounds.screens, screens=2,
        full_screens=10, quick_rigs="a"),
    Run("Race", "ab", lines.race, Size(1, 12, 6, walk_s=0), Size(1, 12, 200, walk_s=0), bounds.nothing, moderators=10,
        way="apart"),
    Run("Non-readers", "ab", deaf.non_readers, Size(3, 6, 36, walk_s=50), Size(3, 6, 600, walk_s=680), bounds.unharmed,
        quick_rigs="a"),
)  # fmt: skip

"""What the server counts about itself, for /metrics.

Counting costs a few microseconds; what needs a look around is looked up when somebody asks. No metric knows who did
something, or what they wrote.
"""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

REGISTRY = CollectorRegistry()
"""Ours alone: what another library registers for itself stays out of it."""

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)

ack_seconds = Histogram(
    "intervise_ack_seconds", "From a command's arrival to its answer", buckets=ACK_SECONDS, registry=REGISTRY
)
commands = Counter("intervise_commands", "Commands answered, by the code of the answer", ["result"], registry=REGISTRY)
repeated = Counter(
    "intervise_commands_repeated", "Commands that came again and got their first answer", registry=REGISTRY
)
commit_failures = Counter(
    "intervise_commit_failures", "Commands that the database did not take; the browser tries again", registry=REGISTRY
)
syncs = Counter("intervise_syncs", "Whole states that a page asked for", registry=REGISTRY)
gaps = Counter("intervise_gaps", "Syncs by which a page that was behind caught up", registry=REGISTRY)
connects = Counter("intervise_connects", "Sockets that took a seat", registry=REGISTRY)
resumes = Counter("intervise_resumes", "Sockets of a page that had been connected before", registry=REGISTRY)
telling_failures = Counter(
    "intervise_telling_failures", "Changes that are saved and could not be told; the pulse heals it", registry=REGISTRY
)
crossing_failures = Counter(
    "intervise_crossing_failures",
    "Times that Redis did not carry news to other processes; the pulse heals it",
    registry=REGISTRY,
)
answers = Counter("intervise_http_answers", "Answers to requests, by the first digit", ["status"], registry=REGISTRY)

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_pulsed_at = time.monotonic()
_watched: set[str] = set()


def pulsed() -> None:
    """All browsers have just been told which version is the newest."""
    global _pulsed_at
    _pulsed_at = time.monotonic()


def watch(name: str, documentation: str, read: Callable[[], float]) -> None:
    """Add a value that is looked up each time /metrics is asked; the second call for a name changes nothing."""
    if name not in _watched:
        _watched.add(name)
        Gauge(name, documentation, registry=REGISTRY).set_function(read)


watch(
    "intervise_pulse_age_seconds",
    "Since the last pulse, or since the start; beats every 5 s once somebody is connected",
    lambda: time.monotonic() - _pulsed_at,
)

"""Waiting for what another process or thread is about to do, for as long as a busy machine may need and no longer."""

import threading
from collections.abc import Callable

PATIENCE_S = 20


def wait_for(is_so: Callable[[], bool]) -> None:
    """Until it is so, or the test takes too long."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 50):
        if is_so():
            return
        pause.wait(0.02)
    raise AssertionError("it did not come to that")

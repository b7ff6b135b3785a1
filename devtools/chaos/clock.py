"""The server's time on a device whose own clock may be hours off, as app/static/room/clock.js finds it. Times in ms."""

import threading
from math import inf

from devtools.chaos.journal import millis

SURE_MS, LATE_MS = 500, 1000


class Clock:
    """`offset_s`: by how much the device is wrong. The server's time minus its time lies between `least` and `most`."""

    def __init__(self, offset_s: float) -> None:
        self.offset_s = offset_s
        self.least, self.most = -inf, inf
        self.lock = threading.Lock()

    def device_now(self) -> float:
        return millis() + self.offset_s * 1000

    def server_now(self) -> float:
        return self.device_now() + (self.least if self.most == inf else (self.least + self.most) / 2)

    def hear(self, now: float) -> bool:
        """A time that came with news. True: it may be wrong by more than anybody should see."""
        self._narrow(now - self.device_now(), inf)
        return self.most - self.least > SURE_MS or self.server_now() - now > LATE_MS

    def learn(self, now: float, sent: float) -> None:
        """The answer to a question that was sent when the device said `sent`."""
        self._narrow(now - self.device_now(), now - sent)

    def _narrow(self, low: float, high: float) -> None:
        with self.lock:
            is_elsewhere = low > self.most or high < self.least
            self.least = low if is_elsewhere else max(self.least, low)
            self.most = high if is_elsewhere else min(self.most, high)

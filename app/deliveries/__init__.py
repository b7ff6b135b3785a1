"""The outbox: mail and webhooks that wait to be sent, and are tried again until they are.

`put` a delivery in the transaction of what it is about: either both are there, or neither. It holds references, never
words: whatever `composes` its kind writes the message at the moment of sending, from what is there then, and whatever
`sends` its channel carries it out. The worker (worker.py) does that in the running server, or in `flask deliver`.
"""

from app.deliveries.models import Delivery
from app.deliveries.outbox import NotSent, composes, put, sends

__all__ = ["Delivery", "NotSent", "composes", "put", "sends"]

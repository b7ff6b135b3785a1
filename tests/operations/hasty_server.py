"""The served app, for which five minutes before the first purge and a day before each next one are a second."""

import wsgi  # isort: skip - first of all, for it patches what the others import

from app.privacy import retention
from app.server import serve

if __name__ == "__main__":
    retention.FIRST_AFTER_S, retention.EVERY_S, retention.AGAIN_S = 1, 1, 1
    serve(wsgi.app)

"""Real servers in temporary folders, on free ports: the app, PostgreSQL, Redis, nginx, and a line that can be cut.

Each is a context manager; `rigs` puts them together. Nothing of the machine's own services is touched.
"""

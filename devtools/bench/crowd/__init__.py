"""A crowd of people at their browsers, in a process of its own: `python -m devtools.bench.crowd PLAN.json`.

It takes orders as JSON lines on standard input, and answers each with a line. Nothing of the app is loaded here: what
the crowd costs must not be what the measurement shows.
"""

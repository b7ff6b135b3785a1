"""The JSON API: one table of endpoints (table.py), from which the routes and the OpenAPI document are made."""

"""The dashboard: how a team's sessions go, quarter by quarter, and nothing that ranks anybody."""

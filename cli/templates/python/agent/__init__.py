"""The agent: `python -m agent` starts it."""

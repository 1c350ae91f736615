"""Reads the variables that the platform sets."""

import os


def required(name: str) -> str:
    """Raises RuntimeError that says which variable is missing and who sets it."""
    value = os.environ.get(name)
    if value:
        return value
    raise RuntimeError(f'{name} is not set. "ast dev" and "ast deploy" set it; README.md says how to run without them.')

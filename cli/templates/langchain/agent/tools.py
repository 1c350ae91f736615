"""What the agent can do besides talking. Add a tool here: its docstring and its types describe it for the model."""

from typing import Annotated

from langchain.tools import tool

from .clock import time_in


@tool
def current_time(time_zone: Annotated[str, 'IANA name, such as "Europe/Paris"']) -> dict[str, str]:
    """Tells the current date and time in a time zone."""
    return time_in(time_zone)


tools = [current_time]

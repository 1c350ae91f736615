"""What the agent can do besides talking. Add a tool here: describe its input for the model, and give the result."""

import json
from collections.abc import Callable

import openai
from pydantic import BaseModel, Field, ValidationError

from .clock import time_in


class CurrentTime(BaseModel):
    """Tells the current date and time in a time zone."""

    time_zone: str = Field(description='IANA name, such as "Europe/Paris"')


FUNCTIONS: dict[str, tuple[type[BaseModel], Callable[..., object]]] = {
    "current_time": (CurrentTime, time_in),
}

tools = [openai.pydantic_function_tool(fields, name=name) for name, (fields, _) in FUNCTIONS.items()]


def run(name: str, arguments: str) -> str:
    """The tool's result as JSON, or what is wrong with the call: the model reads either, and can try again."""
    if name not in FUNCTIONS:
        return json.dumps({"problem": f"There is no tool {name}."})
    fields, function = FUNCTIONS[name]
    try:
        given = fields.model_validate_json(arguments)
    except ValidationError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps(function(**given.model_dump()))

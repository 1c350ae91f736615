"""What is asked: a message, and what was said before it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints
from typing_extensions import TypedDict

Content = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]


class UserTurn(TypedDict):
    role: Literal["user"]
    content: Content


class AssistantTurn(TypedDict):
    role: Literal["assistant"]
    content: Content


Turn = UserTurn | AssistantTurn


class Question(BaseModel):
    message: Content
    history: list[Annotated[Turn, Field(discriminator="role")]] = Field(default_factory=list, max_length=100)

    def turns(self) -> list[Turn]:
        """In their order, the message last."""
        return [*self.history, {"role": "user", "content": self.message}]

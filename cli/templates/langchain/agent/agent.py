"""The agent itself: what it is told, what it can do, and how it is asked."""

from collections.abc import AsyncIterator
from typing import Any

from langchain.agents import create_agent
from langchain.messages import AIMessage, AIMessageChunk, AnyMessage, HumanMessage

from .conversation import Turn
from .model import model
from .tools import tools

agent = create_agent(
    model,
    tools=tools,
    system_prompt="You are a helpful assistant. Answer briefly, and use your tools rather than guess.",
)


async def answer(turns: list[Turn]) -> AsyncIterator[str]:
    """The answer to the last turn, piece by piece; raises the error that the model service ended with."""
    messages: list[AnyMessage | dict[str, Any]] = [as_message(turn) for turn in turns]
    async for message, _ in agent.astream(
        {"messages": messages}, stream_mode="messages", config={"recursion_limit": 20}
    ):
        if isinstance(message, AIMessageChunk):
            yield message.text


def as_message(turn: Turn) -> AnyMessage:
    return HumanMessage(turn["content"]) if turn["role"] == "user" else AIMessage(turn["content"])

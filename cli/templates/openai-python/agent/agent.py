"""The agent itself: what it is told, what it can do, and how it is asked."""

from collections.abc import AsyncIterator

from openai.types.chat import ChatCompletionMessageFunctionToolCallParam, ChatCompletionMessageParam

from .conversation import Turn
from .model import client, model
from .tools import run, tools

INSTRUCTIONS = "You are a helpful assistant. Answer briefly, and use your tools rather than guess."
MOST_ROUNDS = 10


async def answer(turns: list[Turn]) -> AsyncIterator[str]:
    """The answer to the last turn, piece by piece; raises the error that the model service ended with."""
    messages: list[ChatCompletionMessageParam] = [{"role": "system", "content": INSTRUCTIONS}]
    messages.extend(as_message(turn) for turn in turns)
    for _ in range(MOST_ROUNDS):
        async with client.chat.completions.stream(model=model, messages=messages, tools=tools) as stream:
            async for event in stream:
                if event.type == "content.delta":
                    yield event.delta
            message = (await stream.get_final_completion()).choices[0].message
        if not message.tool_calls:
            return
        calls: list[ChatCompletionMessageFunctionToolCallParam] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in message.tool_calls
        ]
        messages.append({"role": "assistant", "content": message.content, "tool_calls": calls})
        for call in message.tool_calls:
            result = run(call.function.name, call.function.arguments)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


def as_message(turn: Turn) -> ChatCompletionMessageParam:
    if turn["role"] == "user":
        return {"role": "user", "content": turn["content"]}
    return {"role": "assistant", "content": turn["content"]}

"""The model that answers, with your own key for Anthropic, which speaks this protocol too."""

import os

from openai import AsyncOpenAI

from .environment import required

client = AsyncOpenAI(
    base_url="https://api.anthropic.com/v1/",
    api_key=required("ANTHROPIC_API_KEY"),
)

model = os.environ.get("MODEL_DEFAULT") or "claude-sonnet-4-6"

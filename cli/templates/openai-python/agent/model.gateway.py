"""The model that answers, through the gateway: no provider key is needed."""

import os

from openai import AsyncOpenAI

from .environment import required

client = AsyncOpenAI(
    base_url=required("ASTRO_GATEWAY_URL"),
    api_key=required("ASTRO_GATEWAY_API_KEY"),
    max_retries=1,
)

model = os.environ.get("MODEL_DEFAULT") or "claude-sonnet-4-6"

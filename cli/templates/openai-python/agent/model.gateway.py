"""The model that answers, through the gateway: no provider key is needed."""

import os

from openai import AsyncOpenAI

from .environment import required

client = AsyncOpenAI(
    base_url=required("ASTRO_GATEWAY_URL"),
    api_key=required("ASTRO_GATEWAY_API_KEY"),
    # The gateway tries other ways itself; what it still refuses is said at once.
    max_retries=0,
)

model = os.environ.get("MODEL_DEFAULT") or "claude-sonnet-4-6"

"""The model that answers, through the gateway: no provider key is needed."""

import os

from langchain.chat_models import init_chat_model

from .environment import required

model = init_chat_model(
    os.environ.get("MODEL_DEFAULT") or "claude-sonnet-4-6",
    # The protocol, not the provider.
    model_provider="openai",
    base_url=required("ASTRO_GATEWAY_URL"),
    api_key=required("ASTRO_GATEWAY_API_KEY"),
    # The gateway tries other ways itself; what it still refuses is said at once.
    max_retries=0,
)

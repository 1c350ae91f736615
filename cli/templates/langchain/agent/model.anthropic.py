"""The model that answers, with your own key for Anthropic."""

import os

from langchain.chat_models import init_chat_model

from .environment import required

model = init_chat_model(
    os.environ.get("MODEL_DEFAULT") or "claude-sonnet-4-6",
    model_provider="anthropic",
    api_key=required("ANTHROPIC_API_KEY"),
)

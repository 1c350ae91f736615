"""The model that answers, with your own key for OpenAI."""

import os

from langchain.chat_models import init_chat_model

from .environment import required

model = init_chat_model(
    os.environ.get("MODEL_DEFAULT") or "gpt-5.4",
    model_provider="openai",
    api_key=required("OPENAI_API_KEY"),
)

"""The model that answers, with your own key for OpenAI."""

import os

from openai import AsyncOpenAI

from .environment import required

client = AsyncOpenAI(api_key=required("OPENAI_API_KEY"))

model = os.environ.get("MODEL_DEFAULT") or "gpt-5.4"

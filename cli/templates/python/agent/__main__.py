"""Listens on the port in PORT; on SIGTERM answers that have begun are finished."""

import os

import uvicorn

uvicorn.run(
    "agent.main:app",
    host="0.0.0.0",
    port=int(os.environ.get("PORT", "80")),
    timeout_graceful_shutdown=25,
    access_log=False,
)

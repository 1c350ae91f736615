"""The HTTP side of the agent: a page to talk to it, its answers, and whether it lives."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse

from .agent import answer
from .conversation import Question
from .failure import explain

logger = logging.getLogger("agent")
page = Path(__file__).with_name("page.html")
app = FastAPI(title="{{name}}")


@app.get("/", include_in_schema=False)
async def show_page() -> FileResponse:
    return FileResponse(page)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(question: Question, accept: Annotated[str, Header()] = "*/*") -> Response:
    """Answers piece by piece as plain text, or whole as JSON when the client accepts only that."""
    pieces = answer(question.turns())
    try:
        # Nothing is sent before the first piece, so that a refusal has a status of its own.
        first = await anext(pieces, "")
        if accept == "application/json":
            return JSONResponse({"answer": first + "".join([piece async for piece in pieces])})
    except Exception as error:
        failure = explain(error)
        logger.error(failure.log)
        return JSONResponse({"error": failure.message}, status_code=failure.status)
    return StreamingResponse(rest(first, pieces), media_type="text/plain", headers={"cache-control": "no-store"})


async def rest(first: str, others: AsyncIterator[str]) -> AsyncIterator[str]:
    """An answer that breaks off ends with the reason; its status has been sent by then."""
    yield first
    try:
        async for piece in others:
            yield piece
    except Exception as error:
        failure = explain(error)
        logger.error(failure.log)
        yield f"\n\n[The answer broke off. {failure.message}]"


@app.exception_handler(RequestValidationError)
async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"][1:])
    readable = where and problem["type"] != "json_invalid"
    message = f"{where}: {problem['msg']}" if readable else 'Send JSON such as {"message": "Hello"}.'
    return JSONResponse({"error": message}, status_code=400)

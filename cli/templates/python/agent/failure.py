"""What went wrong when the model was asked, in words for the person who talks to the agent."""

from dataclasses import dataclass

SENTENCES = {
    401: "The model service does not accept this agent's key. Start or deploy the agent again to get a new one.",
    402: "There are no credits left to answer with. Add some, then ask again.",
    403: "This agent's key may not do that.",
    404: "The model service does not know this model. Check MODEL_DEFAULT.",
    413: "This is too long. Start a new conversation or ask in fewer words.",
    429: "Too many questions at once. Wait a moment, then ask again.",
}


@dataclass(frozen=True)
class Failure:
    """What the client is told, and the line for the log: without what was asked, and without keys."""

    status: int
    message: str
    log: str


def explain(error: BaseException) -> Failure:
    status = getattr(error, "status_code", None)
    log = f"No answer ({status or 'no status'}): {': '.join(reasons(error))[:500]}"
    if status in SENTENCES:
        return Failure(status, SENTENCES[status], log)
    return Failure(502, "The model service could not answer. Ask again in a moment.", log)


def reasons(error: BaseException) -> list[str]:
    """What the error says, and the errors behind it: "Connection error." alone tells little."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < 5:
        found.append(str(cause))
        cause = cause.__cause__
    return found

"""The example tool's work, free of any framework."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def time_in(time_zone: str, now: datetime | None = None) -> dict[str, str]:
    """The time in words, or what is wrong with the zone: the model reads either, and can try again."""
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        return {"problem": f'"{time_zone}" is not a time zone. Use an IANA name such as "Europe/Paris".'}
    return {"time": (now or datetime.now(UTC)).astimezone(zone).strftime("%A, %d %B %Y at %H:%M:%S %Z")}

"""The forms of values that the documents name: GUID, DateTime in UTC, URL, email address."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from string import ascii_letters, digits
from typing import Any
from urllib.parse import unquote, urlsplit

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
UTC_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|[+-]00:00)"
)
UNRESERVED = f"{ascii_letters}{digits}-._~"
ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def is_guid(value: Any) -> bool:
    """Tell whether a value is a GUID with hyphens, in any case."""
    return isinstance(value, str) and GUID.fullmatch(value) is not None


def is_email_address(value: Any) -> bool:
    """Tell whether a value has the shape of an email address."""
    return isinstance(value, str) and EMAIL.fullmatch(value) is not None


def is_count(value: Any) -> bool:
    """Tell whether a value is a whole number of zero or more (true and false are none).

    1.0 is one: JSON has one kind of number (JSON Schema Validation, section 6.1.1).
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and value >= 0 and value == value // 1


def is_text(value: Any) -> bool:
    """Tell whether a value is a string with more than white space in it."""
    return isinstance(value, str) and bool(value.strip())


def is_digits(value: Any, count: int) -> bool:
    """Tell whether a value is a string of that many digits."""
    return isinstance(value, str) and re.fullmatch(rf"[0-9]{{{count}}}", value) is not None


def utc_instant(value: Any) -> datetime | None:
    """Return the instant of a date-time of RFC 3339 in UTC, or None when it is none.

    Up to nine digits of a second are allowed; those beyond the sixth are dropped.
    """
    found = UTC_DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    date, time, fraction = found.groups()
    try:
        whole = datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=UTC)
    except ValueError:
        return None
    return whole.replace(microsecond=int(((fraction or "") + "000000")[:6]))


def instant_of(value: Any) -> datetime | None:
    """Return the instant of a date-time with any time zone, or None when it is none."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo else None


def url_path(value: Any) -> str | None:
    """Return the path of an absolute URL or of a path beginning with a slash, None for others.

    Unreserved letters are the same whether percent-encoded or not (RFC 3986, section 6.2.2.2).
    """
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    absolute = parts.scheme in ("http", "https") and bool(parts.netloc)
    relative = not parts.scheme and not parts.netloc and value.startswith("/")
    return ENCODED.sub(_decoded, parts.path) if absolute or relative else None


def _decoded(encoded: re.Match[str]) -> str:
    letter = unquote(encoded[0], "latin-1")
    return letter if letter in UNRESERVED else encoded[0]

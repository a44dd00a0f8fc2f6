"""Dates with times, as RFC 3339 spells them."""

import re
from datetime import UTC, datetime

_FORM = re.compile(
    r"(?P<clock>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?(?P<zone>[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


def parse_moment(value: object) -> datetime | None:
    """The moment in UTC, cut to microseconds; None for anything that RFC 3339 does not allow."""
    form = _FORM.fullmatch(value) if isinstance(value, str) else None
    if form is None:
        return None
    fraction = (form["fraction"] or "")[:7]
    text = f"{form['clock']}{fraction}{form['zone']}".upper()
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

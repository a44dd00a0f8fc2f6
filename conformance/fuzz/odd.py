"""Odd, and yet valid, ways to ask by HTTP (RFC 9110)."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

OTHER_TYPES = ("text/html", "image/png", "application/xml", "text/plain", "*/*", "application/*")
QUALITIES = ("", ";q=1.0", ";q=0.9", "; q=0.1")
HEADERS = (
    ("Accept-Language", "nb-NO, en;q=0.5"),
    ("Accept-Language", "ar"),
    ("Accept-Language", "th"),
    ("Accept-Encoding", "gzip;q=0.5, identity"),
    ("Accept-Charset", "utf-8"),
    ("Cache-Control", "no-cache"),
    ("Content-Type", "application/json"),
    ("If-None-Match", '"conformance"'),
    ("X-Forwarded-For", "192.0.2.1"),
    ("Cookie", "conformance=1"),
    ("Origin", "https://conformance.example.com"),
)
NO_IDS = {"", ".", "..", "email", "sms"}
"""Texts that are another path, or are resolved away."""


def headers() -> SearchStrategy[list[tuple[str, str]]]:
    """Return headers that change nothing of what is meant."""
    from hypothesis import strategies as st

    return st.lists(st.sampled_from(HEADERS), min_size=1, max_size=3, unique=True)


def queries() -> SearchStrategy[str]:
    """Return queries that nobody knows."""
    from hypothesis import strategies as st

    names = st.text(ascii_letters + digits + "_-.[]", min_size=1, max_size=8)
    values = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)
    return st.lists(st.tuples(names, values), max_size=3).map(urlencode)


def accepting_json() -> SearchStrategy[str]:
    """Return values of Accept, in which application/json is one of several."""
    from hypothesis import strategies as st

    other = st.builds("{}{}".format, st.sampled_from(OTHER_TYPES), st.sampled_from(QUALITIES))
    own = st.sampled_from([f"application/json{each}" for each in QUALITIES])
    before, after = st.lists(other, max_size=2), st.lists(other, max_size=2)
    return st.builds(lambda *parts: ", ".join([*parts[0], parts[1], *parts[2]]), before, own, after)


def no_ids() -> SearchStrategy[str]:
    """Return what is no id of an order, as it stands in a path: any letters, escaped."""
    from hypothesis import strategies as st

    letters = st.characters(codec="utf-8", exclude_categories=["C"])
    texts = st.text(letters, min_size=1, max_size=40).filter(lambda text: text not in NO_IDS)
    return texts.map(lambda text: quote(text, safe=""))


def tame_ids() -> SearchStrategy[str]:
    """Return what is no id of an order, of letters that a path may have as they are."""
    from hypothesis import strategies as st

    texts = st.text(ascii_letters + digits + "-_", min_size=1, max_size=40)
    return texts.filter(lambda text: text not in NO_IDS and len(text) not in (32, 36))

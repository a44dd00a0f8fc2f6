"""Faults invented from the documents alone, ten in each round, without a look at the suite.

They are kept apart from the others because of what they show: whoever invented a round knew neither
the tests nor the faults before it, so that what a round found missing was missing.
"""

from conformance.reference.faults.invented import (
    eighth,
    eleventh,
    fifth,
    first_and_second,
    fourth,
    ninth,
    seventh,
    sixth,
    tenth,
    third,
)

__all__ = [
    "eighth",
    "eleventh",
    "fifth",
    "first_and_second",
    "fourth",
    "ninth",
    "seventh",
    "sixth",
    "tenth",
    "third",
]

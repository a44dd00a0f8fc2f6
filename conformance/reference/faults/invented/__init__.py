"""Faults invented from the documents alone, ten in each round, without a look at the suite.

They are kept apart from the others because of what they show: whoever invented a round knew neither
the tests nor the faults before it. Of each round's ten, by the tests as they were, this many were
found at once by the requirement that they break: 4, 4, 9, 9, 8, 7, 8, 7, 9, 9, 9, then 8 (of that
twelfth round only what was missed is kept, beside the other faults of its kind), and, of rounds 13
to 21, 6, 6, 7, 9, 7, 8, 5, 5 and 7; in the sixteenth and the twentieth all ten turned the run red.
What was missed has been mended after each round, and all are found since.
"""

from conformance.reference.faults.invented import (
    eighteenth,
    eighth,
    eleventh,
    fifteenth,
    fifth,
    first_and_second,
    fourteenth,
    fourth,
    nineteenth,
    ninth,
    seventeenth,
    seventh,
    sixteenth,
    sixth,
    tenth,
    third,
    thirteenth,
    thirtieth,
    twentieth,
    twentyeighth,
    twentyfifth,
    twentyfirst,
    twentyfourth,
    twentyninth,
    twentysecond,
    twentyseventh,
    twentysixth,
    twentythird,
)

__all__ = [
    "eighteenth",
    "eighth",
    "eleventh",
    "fifteenth",
    "fifth",
    "first_and_second",
    "fourteenth",
    "fourth",
    "nineteenth",
    "ninth",
    "seventeenth",
    "seventh",
    "sixteenth",
    "sixth",
    "tenth",
    "third",
    "thirteenth",
    "thirtieth",
    "twentieth",
    "twentyeighth",
    "twentyfifth",
    "twentyfirst",
    "twentyfourth",
    "twentyninth",
    "twentysecond",
    "twentyseventh",
    "twentysixth",
    "twentythird",
]

"""How the suite is itself tested: it finds every fault of the reference, and accepts every variant.

One reference deployment serves each of them at a path of its own; each is judged by a run like any
other, with everything that an operator can provide. What comes of it is a matrix: which tests found
which fault, whether the requirement that it breaks was among what failed, and what else failed.
"""

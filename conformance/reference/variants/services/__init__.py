"""Whole second implementations: what one product does at once, from placing to delivery.

Each is a service as its framework, its database and its mail provider make it; every sentence of
the documents holds, and almost nothing else is as the embedded reference has it.
"""

from conformance.reference.variants.services import carried, compiled, processed, scripted

__all__ = ["carried", "compiled", "processed", "scripted"]

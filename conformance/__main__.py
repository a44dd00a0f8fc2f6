"""``python -m conformance`` is ``notifications-conformance``."""

from conformance.cli import main

main()

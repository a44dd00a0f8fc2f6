"""The embedded reference deployment of the Altinn Notifications email API.

Written from the documents and nothing else: it imports nothing from the rest of the package, so
that the suite and its oracle cannot share a bug. Every decision the documents make is one method of
``rules.Rules``; a fault or a variant is a subclass that overrides one of them.
"""

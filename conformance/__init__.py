"""A conformance suite for the Altinn Notifications email API."""

__version__ = "0.1.0"

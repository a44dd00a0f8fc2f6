"""The deployment under test: its description, its credentials, and the way to talk to it."""

"""Property-based tests, driven by the contract."""

"""Hand-written tests, each of one promise of the documents."""

"""A second deployment of the API, for the suite to judge; see README.md.

It is written from the documents alone, in another framework and with other libraries than the
reference, and imports nothing from the package but the mail server of the self-tests. Where the
documents leave a choice, it makes an unusual one.
"""

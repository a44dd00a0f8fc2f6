"""Errors that are told to the operator in one line, with their mend."""

from __future__ import annotations


class OperatorError(Exception):
    """Something outside the deployment's code must be mended before a run can be trusted.

    Args:
        what: what is wrong and where, without a full stop.
        mend: what to do about it, an imperative sentence without a full stop.
    """

    def __init__(self, what: str, mend: str) -> None:
        self.what = " ".join(what.split())
        self.mend = " ".join(mend.split())
        super().__init__(f"{self.what}: {self.mend}")

    def __reduce__(self) -> tuple[type[OperatorError], tuple[str, str]]:
        """Cross from one process to another in its two parts."""
        return type(self), (self.what, self.mend)


class Blocked(Exception):
    """A test could not get as far as its own question: its control or its arrangement failed.

    The requirement is then not verified, for this reason; it has neither passed nor failed.
    ``disputes_status`` says that the last answer should have been another one altogether, so that
    it cannot be judged for what it is.
    """

    def __init__(
        self, reason: str, cause: str = "implementation", *, disputes_status: bool = False
    ) -> None:
        self.reason = reason
        self.disputes_status = disputes_status
        self.cause = cause
        super().__init__(reason)

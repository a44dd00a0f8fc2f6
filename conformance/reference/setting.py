"""What a deployment finds when it starts."""

from dataclasses import dataclass

from conformance.reference.credentials import Authority
from conformance.reference.registers import Registers


@dataclass(frozen=True)
class Setting:
    """Given to the rules once, when the deployment is made."""

    base_url: str
    """Where this deployment answers; every link starts with it."""
    sender: str
    """The address that mail comes from."""
    registers: Registers
    authority: Authority

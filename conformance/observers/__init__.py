"""What only the outside world can show: the mailbox, and calls of a condition endpoint."""

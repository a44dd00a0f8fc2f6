"""The send statuses and their descriptions (Get email notifications, notifications)."""

NEW = "New"
SENDING = "Sending"
SUCCEEDED = "Succeeded"
DELIVERED = "Delivered"
FAILED = "Failed"
NOT_IDENTIFIED = "Failed_RecipientNotIdentified"
INVALID_FORMAT = "Failed_InvalidEmailFormat"
BOUNCED = "Failed_Bounced"
FILTERED_SPAM = "Failed_FilteredSpam"
QUARANTINED = "Failed_Quarantined"

SUCCESSES = (SUCCEEDED, DELIVERED)

# The table word for word, with its slips of the pen.
DESCRIPTIONS = {
    NEW: "The email has been created, but has not been picked up for processing yet.",
    SENDING: "The email is being processed and will be attempted sent shortly.",
    SUCCEEDED: (
        "The email has been accepted by the third party email service and will be sent shortly."
    ),
    DELIVERED: (
        "The email was delivered to the recipient. No errors reported, making it likely it was "
        "received by the recipient."
    ),
    FAILED: "The email was not sent due to an unspecified failure.",
    NOT_IDENTIFIED: (
        "The email was not sent because the recipient\u2019s email address was not found."
    ),
    INVALID_FORMAT: (
        "The email was not sent because the recipient\u2019s email address is in an invalid format."
    ),
    BOUNCED: (
        "The email hard bounced, which may have happened because the email address does not exist "
        "or the domain is invalid."
    ),
    FILTERED_SPAM: (
        "The email was was identified as spam, and was rejected or blocked (not quarantined)."
    ),
    QUARANTINED: "The email was quarantined (as spam, bulk mail, or phising).",
}

"""What does Twilio's API say when it refuses a request?"""

import json

MORE_INFO = "https://www.twilio.com/docs/errors/"

# code: (HTTP status, sentence). Sources: Twilio's error dictionary and REST answers; see docs/simulator.md.
REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter: {0}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20009: (409, "Cannot change this resource before it is complete"),
    20404: (404, "The requested resource {0} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service is temporarily unavailable. Try again later"),
    21211: (400, "Invalid 'To' Phone Number: {0}"),
    21266: (400, "'To' and 'From' number cannot be the same: {0}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({0}) is not a valid message-capable Twilio phone number.",
    ),
    21609: (400, "The 'StatusCallback' URL {0} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21703: (400, "The Messaging Service does not have a phone number available to send a message"),
    21705: (400, "The Messaging Service Sid {0} is invalid"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    30409: (409, "Message is not scheduled and cannot be canceled"),
    35114: (400, "SendAt time must be between 15 minutes and 35 days from now"),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
    90007: (400, "Invalid validity period value: {0}"),
    90014: (400, "Validity Period should be positive integer: {0}"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}
OTHER = (400, "Refused")
"""For a code that only a fault asks for."""


class Refusal(Exception):
    """Twilio's answer to a request it did not accept."""

    def __init__(self, code: int, detail: str = "", status: int | None = None) -> None:
        default, sentence = REFUSALS.get(code, OTHER)
        self.code = code
        self.status = status or default
        self.message = sentence.format(detail)
        super().__init__(self.message)

    def body(self) -> bytes:
        return json.dumps(
            {
                "code": self.code,
                "message": self.message,
                "more_info": f"{MORE_INFO}{self.code}",
                "status": self.status,
            }
        ).encode()

"""What did the hotline answer?"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

from simulator.webhook import Answer

XML_TYPES = ("text/xml", "application/xml")


class BadTwiML(ValueError):
    """Twilio's debugger would list this: `code` and why."""

    def __init__(self, code: int, why: str) -> None:
        self.code = code
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Reply:
    """One <Message>."""

    body: str
    to: str = ""
    from_: str = ""
    callback: str = ""
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One <Say> of a call."""

    text: str
    language: str = ""
    voice: str = ""


@dataclass(slots=True)
class TwiML:
    replies: list[Reply] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)


def read(answer: Answer) -> TwiML:
    """Only XML with an XML content type counts; an empty body says nothing."""
    if answer.status == 204 or not answer.body.strip():
        return TwiML()
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind not in XML_TYPES:
        raise BadTwiML(12300, f"invalid Content-Type: {kind or 'none'}")
    try:
        root = ElementTree.fromstring(answer.body.encode())  # noqa: S314  our own hotline
    except ElementTree.ParseError as error:
        raise BadTwiML(12100, f"document parse failure: {error}") from error
    if root.tag != "Response":
        raise BadTwiML(12200, f"schema: the root must be Response, not {root.tag}")
    found = TwiML(verbs=[verb.tag for verb in root])
    for verb in root:
        if verb.tag in ("Message", "Sms"):
            found.replies.append(_reply(verb))
        elif verb.tag == "Say":
            text = "".join(verb.itertext()).strip()
            found.said.append(Said(text, verb.get("language", ""), verb.get("voice", "")))
    return found


def _reply(verb: ElementTree.Element) -> Reply:
    bodies = verb.findall("Body")
    body = "".join("".join(part.itertext()) for part in bodies) if bodies else (verb.text or "")
    media = tuple((part.text or "").strip() for part in verb.findall("Media"))
    callback = verb.get("statusCallback") or verb.get("action") or ""
    return Reply(body.strip(), verb.get("to", ""), verb.get("from", ""), callback, media)

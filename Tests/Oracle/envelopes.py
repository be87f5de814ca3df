"""What an object is, by its own keys and wherever it stands (A39 to A41)."""

import base64
import binascii

CONTROL = "CONTROL_MESSAGE"
VALIDATION = b"CloudTrail validation message."
NAMES_OBJECTS = "names objects in a bucket"


class Body:
    """What an envelope holds: an object of the text around it (then `data` is None), or bytes."""

    def __init__(self, name, data):
        self.name, self.data = name, data


def stream(value):
    """`aws:sqs` and the like, when the object says that it comes from such a stream."""
    for key in ("eventSource", "EventSource"):
        source = value.get(key)
        if isinstance(source, str) and source.startswith("aws:"):
            return source
    return None


def is_event(value):
    """A39."""
    named = "eventVersion" in value or ("eventName" in value and "eventSource" in value)
    return named and stream(value) is None


def is_housekeeping(value):
    """A41, and the messages that confirm a subscription."""
    return (
        ("digestS3Object" in value and "logFiles" in value)
        or value.get("messageType") == CONTROL
        or value.get("Event") == "s3:TestEvent"
        or value.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation")
    )


def body_of(value, place):
    """A40: the Body when the object is an envelope; a string when its body cannot be had; else None."""
    for name, text, packed in _candidates(value, place):
        if name == "EventBridge" and isinstance(text, dict):
            return Body(name, None)
        if isinstance(text, str):
            return _unpacked(name, text) if packed else Body(name, encoded(text))
    return None


def _candidates(value, place):
    """(name, body, whether it is Base64) in the order of preference."""
    get = value.get
    yield "lookup event", get("CloudTrailEvent"), False
    source = stream(value)
    if source == "aws:sqs":
        yield "SQS", get("body"), False
    elif source == "aws:sns":
        yield "SNS", _member(get("Sns"), "Message"), False
    elif source == "aws:kinesis":
        yield "Kinesis", _member(get("kinesis"), "data") if isinstance(get("kinesis"), dict) else get("data"), True
    if source is not None:
        return
    if place in ("logEvents", "events") or "timestamp" in value:
        yield "log event", get("message"), False
    if isinstance(get("detail-type"), str):
        yield "EventBridge", get("detail"), False
    if get("Type") == "Notification":
        yield "SNS", get("Message"), False
    if isinstance(get("MessageId"), str) or isinstance(get("ReceiptHandle"), str):
        yield "SQS", get("Body"), False
    if isinstance(get("SequenceNumber"), str):
        yield "Kinesis", get("Data"), True
    if place == "records" or isinstance(get("recordId"), str):
        yield "Firehose", get("data"), True
    yield "log subscription", _member(get("awslogs"), "data"), True


def _member(value, key):
    return value.get(key) if isinstance(value, dict) else None


def encoded(text):
    """UTF-8; half of a surrogate pair becomes U+FFFD (A22)."""
    return "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text).encode("utf-8")


def _unpacked(name, text):
    letters = "".join(each for each in text if each > " ")
    kept = letters.rstrip("=")
    if len(letters) - len(kept) > 2 or len(kept) % 4 == 1:
        return f"not Base64, from {name}"
    try:
        return Body(name, base64.b64decode(kept + "=" * (-len(kept) % 4), validate=True))
    except (binascii.Error, ValueError):
        return f"not Base64, from {name}"


def name_of(value):
    """What is said of an object that is none of the others."""
    source = stream(value)
    if source == "aws:s3" or {"s3Bucket", "s3ObjectKey"} <= value.keys():
        return NAMES_OBJECTS
    if source is not None:
        return f"of {source}"
    if isinstance(value.get("bucket"), dict) and isinstance(value.get("object"), dict):
        return NAMES_OBJECTS
    return "not CloudTrail"

"""What a table shows of a record: the values of columns in CSV and SQLite (A19, A21, A22, design section 7)."""

import functools
import itertools
import json
import re
import unicodedata
from decimal import Decimal

from call import call
from identity import identity
from jsontext import Number, element_spans, member_spans, minified
from migration import migration

ALWAYS_JSON = ("requestParameters", "responseElements", "additionalEventData")
FORMULA = "=+-@"
TOP = """
    eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage
    requestParameters responseElements additionalEventData requestID eventID eventType apiVersion managementEvent
    readOnly resources recipientAccountId serviceEventDetails sharedEventID vpcEndpointId vpcEndpointAccountId
    eventCategory addendum sessionCredentialFromConsole eventContext edgeDeviceDetails tlsDetails annotation
    insightDetails userIdentity
""".split()
USER = """
    type userName principalId arn accountId accessKeyId sessionContext invokedBy onBehalfOf inScopeOf credentialId
    identityProvider sessionContext.sessionIssuer sessionContext.attributes sessionContext.webIdFederationData
    sessionContext.sourceIdentity sessionContext.sessionIssuer.type sessionContext.sessionIssuer.userName
    sessionContext.sessionIssuer.principalId sessionContext.sessionIssuer.arn sessionContext.sessionIssuer.accountId
    sessionContext.attributes.creationDate sessionContext.attributes.mfaAuthenticated
""".split()
IDENTITY = """
    kind rootOrUser temporaryCredentials byService basis actor role session issuerArn account principalId accessKeyId
    mfa service crossAccount keyKind provider sourceIdentity onBehalfOf signInSession agent identityStore
""".split()
CALL = "outcome error write source ip service tool toolVersion arns targetUser targetRole targetGroup issuedKey".split()
MIGRATION = "service action write dryRun stream task application status percent statusDetail resource".split()
PATHS = (
    TOP + [f"userIdentity.{each}" for each in USER] + [f"identity.{each}" for each in IDENTITY]
    + [f"migration.{each}" for each in MIGRATION] + [f"call.{each}" for each in CALL] + ["tlsDetails.tlsVersion", "identity", "migration"]
)
NUMERIC = {
    "readOnly", "managementEvent", "migration.percent", "migration.write", "migration.dryRun", "identity.rootOrUser",
    "identity.temporaryCredentials", "identity.byService", "identity.mfa", "identity.crossAccount", "call.write",
}
BY_COLUMN = {path.replace(".", "_"): path for path in PATHS}


@functools.cache
def parts_of(path):
    """A path's keys; one in double quotes may hold dots."""
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^."]+)', path)]


class JSONText(str):
    """A value that a column shows as JSON."""


class Row:
    """One record as columns see it; `added` names the enrichments that stand in for the record's own keys."""

    def __init__(self, record, added):
        self.raw = record.raw
        self.fields = dict(record.fields)
        self.added = set()
        for name, compute in (("identity", identity), ("migration", migration), ("call", call)):
            value = compute(record.fields) if name in added else None
            if value is not None:
                self.fields[name] = value
                self.added.add(name)
        self.spans = None

    def value(self, path):
        """None, bool, Number, str or JSONText."""
        value = self.fields
        parts = parts_of(path)
        for part in parts:
            if isinstance(value, list) and part.isdigit():
                value = value[int(part)] if int(part) < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
        if value is None or (path not in ALWAYS_JSON and not isinstance(value, (dict, list))):
            return value
        if isinstance(value, list) and parts[0] in self.added:
            return JSONText(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        return JSONText(self.text(parts))

    def text(self, parts):
        """The minified text of the value at a path; of repeated keys the last."""
        if parts[0] in self.added:
            raise KeyError("an enrichment as a whole")
        raw = self.raw
        for depth, part in enumerate(parts):
            if depth == 0:
                if self.spans is None:
                    self.spans = {key: (start, end) for key, start, end in member_spans(raw)}
                start, end = self.spans[part]
            elif raw[:1] == b"[":
                start, end = element_spans(raw)[int(part)]
            else:
                start, end = [span[1:] for span in member_spans(raw) if span[0] == part][-1]
            raw = raw[start:end]
        return minified(raw).decode("utf-8")


def shown(text):
    """A string outside of JSON: what UTF-8 cannot hold becomes U+FFFD (A22)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
    return text


def csv_text(value, guard=True):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    if isinstance(value, JSONText):
        return str(value)
    value = shown(value)
    return "'" + value if guard and is_formula(value) else value


def is_formula(text):
    """A control character, or a sign (in any width) behind what cannot be seen."""
    if text and text[0] < " ":
        return True
    unseen = itertools.takewhile(lambda each: unicodedata.category(each)[0] in "ZC", text)
    behind = text[len("".join(unseen)) :]
    return unicodedata.normalize("NFKC", behind[:1]) in tuple(FORMULA)


def same_in_sqlite(value, cell, numeric=False):
    """Whether a cell (read with text as bytes) holds the value.

    In a TEXT column a boolean's 1 is the text `1`; in a numeric one a text of digits is a number, as the output
    schema says.
    """
    if value is None:
        return cell is None
    if isinstance(value, bool):
        return cell in (int(value), str(int(value)).encode())
    if isinstance(value, Number):
        return cell == value.text.encode() or (isinstance(cell, (int, float)) and same_number(value.text, cell))
    if numeric and isinstance(cell, (int, float)):
        return re.fullmatch(r"\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*", value) is not None and float(value) == cell
    return cell == shown(value).encode("utf-8")


def same_number(text, cell):
    """A numeric cell stands for the text of a number when nothing was rounded in between."""
    if isinstance(cell, int):
        return Decimal(text) == cell
    # Beyond the range of a double a numeric column holds an infinity, as SQLite makes it.
    return float(text) == cell

"""The `call` of a record: what was done, to what, from where and with what outcome (A42)."""

import ipaddress
import re

from identity import HIDDEN, inside, resource_of, text
from migration import is_write

DRY_RUN = "DryRunOperation"
NO_CALLS = ("AwsCloudTrailInsight", "AwsAggregatedEvent", "Insight", "Aggregated")


def outcome(record):
    """A42."""
    if text(record, "eventType") in NO_CALLS or text(record, "eventCategory") in NO_CALLS:
        return None
    code, name = text(record, "errorCode"), text(record, "eventName")
    if code and (code == DRY_RUN or code.endswith("." + DRY_RUN)):
        return "dry_run"
    answers = [inside(record, place).get(name) for place in ("responseElements", "serviceEventDetails") if name]
    return "failure" if code or text(record, "errorMessage") or "Failure" in answers else "success"


def source(address):
    """ip, service or internal."""
    if address is None:
        return None
    if address.startswith("AWS Internal"):
        return "internal"
    try:
        if "%" not in address:
            ipaddress.ip_address(address)
            return "ip"
    except ValueError:
        pass
    return "service" if re.fullmatch(r"[A-Za-z0-9-][A-Za-z0-9.-]*\.[A-Za-z][A-Za-z0-9-]*", address) else None


def tool(agent):
    """(name, version) of the first product of a user agent."""
    agent = agent or ""
    if agent.startswith("["):
        agent = agent[1:]
    if agent.startswith("AWS Internal"):
        return "AWS Internal", None
    partner = re.search(r"(?:^|(?<= ))APN/[^ ]* (.*)", agent, re.S)
    if partner:
        rest = re.match(r"(?:(?:APN|[Hh][Aa][Ss][Hh][Ii][Cc][Oo][Rr][Pp])/[^ ]* )*(.*)", partner.group(1), re.S).group(1)
        if rest and not re.match(r"(APN|hashicorp)/[^ ]*$", rest, re.I):
            agent = rest
    segment = re.split(r"[,;(\]]", agent, maxsplit=1)[0]
    word = segment.split(" ", 1)[0]
    if "/" in word:
        name, _, version = word.partition("/")
        if name == "Mozilla":
            return "browser", None
        return (name, version or None) if name else (None, None)
    name = word if "/" in segment else segment.rstrip(" ")
    return ("browser" if name == "Mozilla" else name or None), None


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def arns(record):
    resources = record.get("resources")
    found = [text(each, "ARN") for each in resources if isinstance(each, dict)] if isinstance(resources, list) else []
    found += [*strings(record.get("requestParameters")), *strings(record.get("responseElements"))]
    return list(dict.fromkeys(each for each in found if each and each.startswith("arn:") and resource_of(each)))


def parameter(container, name):
    """Exactly, then with a capital first letter, then in any case; of equals the last."""
    for fits in (lambda key: key == name, lambda key: key == name[0].upper() + name[1:], lambda key: key.lower() == name.lower()):
        found = [value for key, value in container.items() if fits(key)]
        if found:
            return found[-1]
    return None


def named(container, *names):
    """The text below some keys."""
    for name in names[:-1]:
        container = parameter(container, name)
        if not isinstance(container, dict):
            return None
    value = parameter(container, names[-1])
    return value if isinstance(value, str) and value not in ("", HIDDEN) else None


def role_of(arn):
    parts = resource_of(arn).split("/")
    if parts[0] == "assumed-role" and len(parts) > 1:
        return parts[1] or None
    return (parts[-1] or None) if parts[0] == "role" and len(parts) > 1 else None


def call(record):
    """The `call` object; None for what is no call."""
    result = outcome(record)
    if result is None:
        return None
    request, response = inside(record, "requestParameters"), inside(record, "responseElements")
    service = text(record, "eventSource")
    user = role = group = None
    if service == "iam.amazonaws.com":
        user = named(request, "userName") or named(response, "user", "userName") or named(response, "accessKey", "userName")
        role = named(request, "roleName") or named(response, "role", "roleName")
        group = named(request, "groupName") or named(response, "group", "groupName")
    elif service == "sts.amazonaws.com":
        role = role_of(named(request, "roleArn")) or role_of(named(response, "assumedRoleUser", "arn"))
        user = named(request, "name") if text(record, "eventName") == "GetFederationToken" else None
    address = text(record, "sourceIPAddress")
    kind = source(address)
    name, version = tool(text(record, "userAgent"))
    found = {
        "outcome": result,
        "error": (text(record, "errorCode") or text(record, "errorMessage")) if result != "success" else None,
        "write": is_write(record, text(record, "eventName")),
        "source": kind,
        "ip": address if kind == "ip" else None,
        "service": address if kind == "service" else None,
        "tool": name,
        "toolVersion": version,
        "arns": arns(record) or None,
        "targetUser": user,
        "targetRole": role,
        "targetGroup": group,
        "issuedKey": named(response, "credentials", "accessKeyId") or named(response, "accessKey", "accessKeyId"),
    }
    return {key: value for key, value in found.items() if value is not None}

"""Rows 1 to 10 and A1 to A49 over a few thousand generated identities; those that touch an open question apart."""

import itertools

from cases import Absent, compact, trail

ACCOUNT = "111122223333"
TYPES = (
    "Root", "IAMUser", "AssumedRole", "Role", "FederatedUser", "SAMLUser", "WebIdentityUser", "IdentityCenterUser", "AWSService",
    "AWSAccount", "Directory", "Unknown", "Robot", "root", Absent, "", None, 5,
)
WRONG = ("", None, 5, True, [], {}, ["x"], {"x": "y"})
NAMES = ("alice", "HIDDEN_DUE_TO_SECURITY_REASONS", "zoë \"x\" \\ 😀")
ARNS = (
    f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws-cn:iam::{ACCOUNT}:root",
    f"arn:aws:iam::{ACCOUNT}:user/Bob",
    f"arn:aws-us-gov:iam::{ACCOUNT}:user/division/team/Bob",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/Sally/i-0abc",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane@example.com",
    f"arn:aws:sts::{ACCOUNT}:federated-user/Carol",
)
PRINCIPALS = ("AIDAJ45Q7YFFAREXAMPLE", "AROAJ45Q7YFFAREXAMPLE:session-one", "AROAJ45Q7YFFAREXAMPLE", ACCOUNT, f"{ACCOUNT}:Carol", "AROA:a:b", "ASIAX:y", "aida")
KEYS = ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "ABIAIOSFODNN7EXAMPLE", "ACCAIOSFODNN7EXAMPLE", "XXXX", "AKI", "akia")
INVOKERS = ("AWS Internal", "dms.amazonaws.com", "ec2.amazonaws.com")
LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/dms.amazonaws.com/AWSServiceRoleForDMS"
ISSUER_ARNS = (f"arn:aws:iam::{ACCOUNT}:role/path/Sally", LINKED, f"arn:aws:iam::{ACCOUNT}:user/Bob", f"arn:aws:iam::{ACCOUNT}:root")
ISSUER_NAMES = ("Sally", "AWSReservedSSO_Admin_0123456789abcdef", "Bob")


def add(tree):
    by_hand(tree)
    sign_ins(tree)
    every_pair(tree)
    generated(tree, 4000)


def write(tree, path, records, rule):
    lines = [compact(each) for each in records]
    tree.good(path, trail(lines), len(lines), rule)


def record(tree, user, event_type="AwsApiCall", recipient=ACCOUNT, hub=True):
    source = "migrationhub.amazonaws.com" if hub else "s3.amazonaws.com"
    return tree.event(userIdentity=user, eventType=event_type, recipientAccountId=recipient, eventSource=source)


def by_hand(tree):
    """The combinations that the rules name."""
    users = []
    for kind in TYPES:
        for arn, principal, key, invoker in itertools.product(
            (Absent, ARNS[2], ARNS[4]), (Absent, *PRINCIPALS[:2]), (Absent, *KEYS[:2]), (Absent, INVOKERS[0])
        ):
            users.append({"type": kind, "arn": arn, "principalId": principal, "accessKeyId": key, "invokedBy": invoker})
    for part in (ARNS, PRINCIPALS, KEYS):
        name = {ARNS: "arn", PRINCIPALS: "principalId", KEYS: "accessKeyId"}[part]
        users += [{name: value} for value in part]
    write(tree, "identity/table.json", [record(tree, without(user)) for user in users], "rows 1 to 10")
    rows = []
    for event_type in ("AwsApiCall", "AwsServiceEvent", "AwsConsoleSignIn", Absent, "", None):
        for user in (Absent, None, "x", 5, [], {}, {"accountId": ACCOUNT}, {"type": "Unknown"}, {"type": ""}):
            rows.append(record(tree, user, event_type))
    write(tree, "identity/none.json", rows, "A35")
    rows = []
    for recipient in (ACCOUNT, "999988887777", Absent, *WRONG):
        for account in (ACCOUNT, Absent, *WRONG):
            rows.append(record(tree, without({"type": "Root", "accountId": account}), recipient=recipient))
    write(tree, "identity/accounts.json", rows, "A10")
    users = []
    for kind, attributes in itertools.product((Absent, "IAMUser", "Unknown"), (Absent, *WRONG, {"mfaAuthenticated": "true"})):
        users.append({"type": kind, "sessionContext": without({"attributes": attributes})})
    for value in ("true", "false", True, False, "True", "TRUE", "yes", "", 1, 0, None, {}, []):
        users.append({"type": "IAMUser", "sessionContext": {"attributes": {"mfaAuthenticated": value}}})
    write(tree, "identity/mfa.json", [record(tree, without(user)) for user in users], "A36")


def sign_ins(tree):
    """What other fields than userIdentity say, beside identities that come again and again."""
    rows = []
    for kind, mfa, used in itertools.product(
        ("Root", "IAMUser", "AssumedRole", "SAMLUser", "AWSAccount", Absent), (Absent, "true", "false", "x"),
        (Absent, "Yes", "No", "YES", "no", "maybe", "", None, True, 1),
    ):
        user = without({"type": kind, "arn": ARNS[0], "sessionContext": {"attributes": without({"mfaAuthenticated": mfa})}})
        rows.append({**record(tree, user), "additionalEventData": without({"MFAUsed": used, "mfaUsed": "Yes"})})
    for more in (None, "MFAUsed", [], ["Yes"], {}, {"MFAUsed": {"MFAUsed": "Yes"}}):
        rows += [{**record(tree, user), "additionalEventData": more} for user in ({"type": "Root"}, None, {})]
    for kind, name, signed_in in itertools.product(
        ("IdentityCenterUser", "Unknown", Absent, "IAMUser"), (Absent, "alice", "u-1", "", NAMES[1]), (Absent, "bob", NAMES[1], "", 5)
    ):
        user = without({"type": kind, "userName": name, "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:x"}})
        rows.append({**record(tree, user), "additionalEventData": without({"UserName": signed_in, "userName": "x"})})
    for invoker, details in itertools.product(
        (Absent, "aws-mcp.amazonaws.com", "AWS Internal"), (Absent, None, "x", {}, {"mcpServerName": "mine"}, {"mcpServerName": ""})
    ):
        for user in ({"type": "AssumedRole", "invokedBy": invoker}, {"invokedBy": invoker}, Absent, None):
            user = without(user) if isinstance(user, dict) else user
            rows.append(without({**record(tree, user), "mcpEventDetails": details}))
    for session in ("arn:aws:signin:us-east-1:1:session/s", *WRONG):
        rows.append(record(tree, {"type": "AssumedRole", "sessionContext": {"signInSessionArn": session}}))
        rows.append(record(tree, {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u", "identityStoreArn": session}}))
    principals = ("AROA1:s", "AROA1", "AROA1:", "AROA1:a:b", "AIDA1:s", "x:y", Absent)
    arns = ("Dev", "Dev/s", "Dev/", "Dev/a/b", "/s", "")
    for kind, principal, name in itertools.product(("AssumedRole", "AWSAccount", "FederatedUser", Absent), principals, (Absent, "n")):
        for arn in (Absent, *(f"arn:aws:sts::1:assumed-role/{each}" for each in arns), "arn:aws:iam::1:user/a/b"):
            rows.append(record(tree, without({"type": kind, "principalId": principal, "arn": arn, "userName": name})))
    rows += [each for pair in zip(rows, rows[1:]) for each in pair]
    write(tree, "identity/sign-ins.json", [without(each) for each in rows], "A43 to A49")


def without(fields):
    return {key: value for key, value in fields.items() if value is not Absent}


def random_user(tree):
    """A userIdentity with every field present, missing or wrong by chance."""
    choose = tree.random

    def one(values, missing=0.35, wrong=0.06):
        chance = choose.random()
        if chance < missing:
            return Absent
        return choose.choice(WRONG) if chance < missing + wrong else choose.choice(values)

    issuer = without({
        "type": one(("Role", "Role", "Root", "IAMUser"), 0.4),
        "userName": one(ISSUER_NAMES, 0.3),
        "arn": one(ISSUER_ARNS, 0.3),
        "principalId": one(PRINCIPALS, 0.6),
        "accountId": one((ACCOUNT,), 0.6),
    })
    context = without({
        "sessionIssuer": one((issuer,), 0.2),
        "attributes": one(({"mfaAuthenticated": choose.choice(("true", "false", True, "x"))}, {}), 0.5),
        "webIdFederationData": one(({}, {"federatedProvider": "accounts.google.com", "attributes": {}}), 0.7),
        "sourceIdentity": one(("jane",), 0.7),
        "ec2RoleDelivery": one(("2.0",), 0.9, 0),
    })
    fields = {
        "type": choose.choice(TYPES) if choose.random() < 0.6 else Absent,
        "principalId": one(PRINCIPALS),
        "arn": one(ARNS, 0.5),
        "accountId": one((ACCOUNT, "444455556666")),
        "accessKeyId": one(KEYS, 0.5),
        "userName": one(NAMES, 0.6),
        "invokedBy": one(INVOKERS, 0.7),
        "sessionContext": one((context,), 0.4),
        "onBehalfOf": one(({"userId": "u-1", "identityStoreArn": "arn:x"},), 0.85),
        "identityProvider": one(("arn:aws:iam::1:saml-provider/idp",), 0.85),
        "credentialId": one(("c",), 0.95, 0),
    }
    names = list(fields)
    choose.shuffle(names)
    return {name: fields[name] for name in names if fields[name] is not Absent}


def touches_open_question(user, event_type):
    """Whether the specification leaves open what becomes of it (see cases_open.py for each question by itself)."""
    context = user.get("sessionContext") if isinstance(user.get("sessionContext"), dict) else {}
    issuer = context.get("sessionIssuer") if isinstance(context.get("sessionIssuer"), dict) else {}
    web = context.get("webIdFederationData")
    untyped = not (isinstance(user.get("type"), str) and user["type"])
    arn = user.get("arn") if isinstance(user.get("arn"), str) else ""
    slash_session = ":assumed-role/" in arn or ":federated-user/" in arn or "/" not in arn
    return (
        (untyped and bool(user.get("invokedBy")) and event_type == "AwsServiceEvent")
        or (isinstance(user.get("onBehalfOf"), dict) and not isinstance(user["onBehalfOf"].get("userId"), str))
        or (bool(user.get("identityProvider")) and isinstance(web, dict) and bool(web))
        or not slash_session
    )


def generated(tree, count):
    clear, unclear = [], []
    while len(clear) < count:
        user = random_user(tree)
        event_type = tree.random.choice(("AwsApiCall", "AwsApiCall", "AwsServiceEvent", Absent))
        recipient = tree.random.choice((ACCOUNT, "999988887777", Absent))
        entry = record(tree, user, event_type, recipient)
        (unclear if touches_open_question(user, event_type) else clear).append(entry)
    for start in range(0, count, 250):
        write(tree, f"identity/generated-{start:04d}.json", clear[start : start + 250], "rows 1 to 10, A1 to A37")
    tree.open("identity-generated.json", trail(map(compact, unclear)), "identities that touch one of the identity questions")


def every_pair(tree):
    """Each field alone with each type, and with each wrong value."""
    fields = {
        "principalId": PRINCIPALS, "accessKeyId": KEYS, "userName": NAMES, "invokedBy": INVOKERS, "accountId": (ACCOUNT,),
        "identityProvider": ("idp",), "onBehalfOf": ({"userId": "u-1"},),
    }
    users = []
    for kind in TYPES:
        for name, values in fields.items():
            wrong = tuple(each for each in WRONG if not (name == "onBehalfOf" and isinstance(each, dict)))
            users += [without({"type": kind, name: value}) for value in (*values, *wrong)]
        for name, values in (("type", ("Role", "Root", "IAMUser")), ("userName", ISSUER_NAMES), ("arn", ISSUER_ARNS)):
            users += [without({"type": kind, "sessionContext": {"sessionIssuer": {name: value}}}) for value in (*values, *WRONG)]
        users += [without({"type": kind, "sessionContext": value}) for value in WRONG]
        users += [without({"type": kind, "sessionContext": {"sessionIssuer": value}}) for value in WRONG]
        for invoker in (Absent, *INVOKERS):
            linked = {"sessionIssuer": {"type": Absent, "arn": LINKED}}
            linked["sessionIssuer"] = without(linked["sessionIssuer"])
            users.append(without({"type": kind, "invokedBy": invoker, "sessionContext": linked}))
    write(tree, "identity/every-pair.json", [record(tree, user) for user in users], "A1 to A8")

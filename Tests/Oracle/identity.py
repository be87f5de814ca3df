"""The `identity` of a record, by the rules alone: which they are stands at each step (rows 1 to 10, A1 to A49)."""

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
SERVICE_LINKED = ":role/aws-service-role/"
BY_TYPE = {
    "Root": "root",
    "IAMUser": "iam_user",
    "AssumedRole": "role",
    "Role": "role",
    "FederatedUser": "federated_user",
    "SAMLUser": "federated_sign_in",
    "WebIdentityUser": "federated_sign_in",
    "IdentityCenterUser": "identity_center",
    "AWSService": "service",
    "AWSAccount": "cross_account",
}
BY_ISSUER = {"Role": "role", "Root": "federated_user", "IAMUser": "federated_user"}
BY_RESOURCE = (("user/", "iam_user"), ("assumed-role/", "role"), ("federated-user/", "federated_user"))
KEY_KINDS = {"AKIA": "long_term", "ASIA": "temporary", "ABIA": "service_bearer", "ACCA": "context"}
USES_ROOT_OR_USER = ("root", "iam_user")
USES_TEMPORARY = ("role", "federated_user")


def text(container, key):
    """A string that is there and not empty, else None (A1)."""
    value = container.get(key)
    return value if isinstance(value, str) and value else None


def inside(container, key):
    value = container.get(key)
    return value if isinstance(value, dict) else {}


def resource_of(arn):
    """The sixth field of an ARN, which may hold colons itself."""
    parts = (arn or "").split(":", 5)
    return parts[5] if len(parts) == 6 else ""


class Facts:
    """The fields that the rules read."""

    def __init__(self, record):
        self.user = inside(record, "userIdentity")
        self.context = inside(self.user, "sessionContext")
        self.issuer = inside(self.context, "sessionIssuer")
        self.type = text(self.user, "type")
        self.arn = text(self.user, "arn")
        self.principal = text(self.user, "principalId")
        self.key = text(self.user, "accessKeyId")
        self.invoked_by = text(self.user, "invokedBy")
        self.issuer_type = text(self.issuer, "type")
        self.issuer_arn = text(self.issuer, "arn")
        self.service_event = text(record, "eventType") == "AwsServiceEvent"
        self.on_behalf = isinstance(self.user.get("onBehalfOf"), dict)
        self.recipient = text(record, "recipientAccountId")
        self.more = inside(record, "additionalEventData")
        self.agent = text(inside(record, "mcpEventDetails"), "mcpServerName")
        self.has_user = isinstance(record.get("userIdentity"), dict)

    @property
    def service_linked(self):
        return self.issuer_arn is not None and SERVICE_LINKED in self.issuer_arn

    @property
    def linked_service(self):
        """The element behind `aws-service-role/`."""
        if not self.service_linked:
            return None
        return self.issuer_arn.split(SERVICE_LINKED, 1)[1].split("/", 1)[0] or None

    @property
    def by_service(self):
        return (
            self.type == "AWSService"
            or self.invoked_by is not None
            or (self.type is None and self.service_event)
            or self.service_linked
        )


def decide(facts):
    """(kind, basis), first match: rows 1 to 9 by the type, row 6 by onBehalfOf, row 10 without a type."""
    if facts.on_behalf and facts.type in (None, "Unknown"):
        return "identity_center", "onBehalfOf"
    if facts.type is not None:
        return BY_TYPE.get(facts.type, "unknown"), "type"
    if facts.issuer_type in BY_ISSUER:
        return BY_ISSUER[facts.issuer_type], "sessionIssuer"
    resource = resource_of(facts.arn)
    if resource == "root":
        return "root", "arn"
    for prefix, kind in BY_RESOURCE:
        if resource.startswith(prefix):
            return kind, "arn"
    for value, user, role, basis in (
        (facts.principal, "AIDA", "AROA", "principalId"),
        (facts.key, "AKIA", "ASIA", "accessKeyId"),
    ):
        if value and value.startswith(user):
            return "iam_user", basis
        if value and value.startswith(role):
            return "role", basis
    if facts.invoked_by:
        return "service", "invokedBy"
    if facts.service_event:
        return "service", "eventType"
    if facts.service_linked:
        return "service", "sessionIssuer"
    return "unknown", "none"


def questions(facts, kind, basis):
    """(rootOrUser, temporaryCredentials, basis): AWSAccount answers by principalId alone (row 8, A6)."""
    if kind == "cross_account":
        principal = facts.principal or ""
        user, role = principal.startswith("AIDA"), principal.startswith("AROA")
        return user, role, "principalId" if user or role else basis
    return kind in USES_ROOT_OR_USER, kind in USES_TEMPORARY, basis


def service_name(facts):
    """A7."""
    if facts.linked_service and facts.invoked_by in (None, "AWS Internal"):
        return facts.linked_service
    return facts.invoked_by


def role_name(facts):
    """A37."""
    if facts.issuer_type in (None, "Role") and text(facts.issuer, "userName"):
        return text(facts.issuer, "userName")
    parts = resource_of(facts.arn).split("/")
    return (parts[1] or None) if parts[0] == "assumed-role" and len(parts) > 1 else None


def session_name(facts):
    """A37: the ARN after its last slash, else the principal after its first colon."""
    if facts.arn and "/" in facts.arn and facts.arn.rsplit("/", 1)[1]:
        return facts.arn.rsplit("/", 1)[1]
    if facts.principal and ":" in facts.principal:
        return facts.principal.split(":", 1)[1] or None
    return None


def role_session_name(facts):
    """A45: an ARN of three parts, else the principal after its first colon."""
    parts = (facts.arn or "").split("/")
    if len(parts) == 3 and parts[0].endswith("assumed-role") and parts[2]:
        return parts[2]
    return (facts.principal or "").partition(":")[2] or None


def actor_of(facts, kind, role, session, service):
    """A8, A44: the first of these that is there; A1: a hidden user name never counts."""
    name = text(facts.user, "userName")
    if kind == "iam_user":
        wanted = [name, facts.arn.rsplit("/", 1)[1] if facts.arn and "/" in facts.arn else None]
    elif kind == "role":
        single_sign_on = role is not None and role.startswith("AWSReservedSSO_")
        wanted = [session if single_sign_on else None, role, name, session]
    elif kind == "federated_user":
        wanted = [session, text(facts.issuer, "userName")]
    elif kind == "identity_center":
        signed_in = text(facts.more, "UserName")
        known = [each for each in (name, signed_in) if each != HIDDEN]
        wanted = [*known, text(inside(facts.user, "onBehalfOf"), "userId")]
    elif kind == "root":
        wanted = ["root"]
    elif facts.type == "AWSAccount" and (facts.principal or "").startswith("AROA"):
        wanted = [name, facts.principal.partition(":")[2]]
    else:
        wanted = [name]
    wanted += [service, text(facts.user, "accountId")]
    return next((each for each in wanted if each and each != HIDDEN), None)


def multi_factor(facts):
    """A36; A43 where that says nothing."""
    value = inside(facts.context, "attributes").get("mfaAuthenticated")
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    used = (text(facts.more, "MFAUsed") or "").lower()
    if used == "yes" and facts.has_user:
        return True
    return False if used == "no" and facts.type in ("Root", "IAMUser") else None


def agent_of(facts):
    """A46."""
    if not facts.has_user:
        return None
    return facts.agent or ("aws-mcp" if facts.invoked_by == "aws-mcp.amazonaws.com" else None)


def identity(record):
    """The `identity` object: its keys in the order of the output schema, those that do not apply left out."""
    facts = Facts(record)
    kind, basis = decide(facts)
    root_or_user, temporary, basis = questions(facts, kind, basis)
    with_session = kind in ("role", "federated_user")
    role = role_name(facts) if kind == "role" else None
    session = session_name(facts) if with_session else None
    session = role_session_name(facts) if kind == "role" else session
    service = service_name(facts)
    account = text(facts.user, "accountId")
    found = {
        "kind": kind,
        "rootOrUser": root_or_user,
        "temporaryCredentials": temporary,
        "byService": facts.by_service,
        "basis": basis,
        "actor": actor_of(facts, kind, role, session, service),
        "role": role,
        "session": session,
        "issuerArn": facts.issuer_arn if with_session else None,
        "account": account,
        "principalId": facts.principal,
        "accessKeyId": facts.key,
        "mfa": multi_factor(facts),
        "service": service,
        "crossAccount": account != facts.recipient if account and facts.recipient else None,
        "keyKind": KEY_KINDS.get(facts.key[:4]) if facts.key else None,
        "provider": text(facts.user, "identityProvider")
        or text(inside(facts.context, "webIdFederationData"), "federatedProvider"),
        "sourceIdentity": text(facts.context, "sourceIdentity"),
        "onBehalfOf": text(inside(facts.user, "onBehalfOf"), "userId"),
        "signInSession": text(facts.context, "signInSessionArn"),
        "agent": agent_of(facts),
        "identityStore": text(inside(facts.user, "onBehalfOf"), "identityStoreArn"),
    }
    return {key: value for key, value in found.items() if value is not None}

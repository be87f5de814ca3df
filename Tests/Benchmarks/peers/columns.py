"""What the peers filter for and write: the same as mhpipe's side of the comparison."""

SOURCES = tuple(
    f"{name}.amazonaws.com"
    for name in "migrationhub migrationhub-config migrationhub-strategy migrationhub-orchestrator refactor-spaces".split()
)
FIELDS = (
    "eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID eventID "
    "recipientAccountId"
).split()
IDENTITY = "type arn accountId principalId accessKeyId".split()
DOCUMENTS = ["requestParameters", "responseElements"]
NAMES = [*FIELDS, *(f"userIdentity_{name}" for name in IDENTITY), *DOCUMENTS]

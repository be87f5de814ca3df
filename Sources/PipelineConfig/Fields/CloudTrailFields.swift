import MHPipeKit

/// The fields of CloudTrail records, as far as mhpipe knows them.
///
/// They are those of the CloudTrail User Guide ("record contents" of management, data, network activity, Insights and
/// aggregated events, "userIdentity element"), of what CloudTrail Lake exports, and of published records that have
/// more. CloudTrail adds fields without notice, so that a field which is not here is at most doubtful.
enum CloudTrailFields {
    /// The top-level fields.
    static let all: [EventField] =
        texts(
            "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage"
        )
        + texts("requestID eventID apiVersion recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId")
        + texts("annotation")
        + [
            EventField("userIdentity", .object(userIdentity)),
            EventField("readOnly", .boolean),
            EventField("managementEvent", .boolean),
            EventField("sessionCredentialFromConsole", flag),
            EventField("eventType", .usually(eventTypes)),
            EventField("eventCategory", .usually(eventCategories)),
            EventField("resources", .list(.object(texts("ARN ARNPrefix accountId type")))),
            EventField(
                "tlsDetails",
                .object(texts("tlsVersion cipherSuite clientProvidedHostHeader keyExchange"))
            ),
            EventField(
                "addendum",
                .object(
                    [EventField("reason", .usually(["DELIVERY_DELAY", "UPDATED_DATA", "SERVICE_OUTAGE"]))]
                        + texts("updatedFields originalRequestID originalEventID originalUID")
                )
            ),
            EventField("insightDetails", .object(insightDetails)),
            EventField("eventContext", .object(open("requestContext tagContext"))),
            EventField(
                "mcpEventDetails",
                .object(
                    texts("sessionId mcpProtocolVersion serverVersion mcpServerName") + numbers("executionTimeMs")
                        + open("downstreamRequests")
                )
            ),
        ]
        + open("requestParameters responseElements additionalEventData serviceEventDetails edgeDeviceDetails")
        + open("delegatedViaAWS downstreamRequests")
        + aggregated + lake + shippers

    /// Fields that only aggregated events have, and what they are taken for in all others.
    static let ofAggregatedEvents = ["eventId": "eventID", "accountId": "recipientAccountId"]

    /// Top-level fields, and those of `userIdentity`, that hardly any event lacks; of all others that is not said.
    private static let usualPaths: Set<String> = [
        "eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "eventID",
        "eventType", "recipientAccountId", "userIdentity", "userIdentity.type",
    ]

    /// True for a field that many events do not have, even of those that are as they should be.
    static func isOftenAbsent(_ path: FieldPath) -> Bool {
        all.contains { $0.key == path.keys[0] } && !usualPaths.contains(path.keys.joined(separator: "."))
    }

    /// A text that says true or false.
    private static let flag = EventField.Content.oneOf(["true", "false"])

    private static let userIdentity =
        [EventField("type", .usually(identityTypes))]
        + texts("userName principalId arn accountId accessKeyId invokedBy credentialId identityProvider")
        + [
            EventField(
                "sessionContext",
                .object(
                    [
                        EventField(
                            "sessionIssuer",
                            .object(
                                [EventField("type", .usually(["Root", "IAMUser", "Role"]))]
                                    + texts("userName principalId arn accountId")
                            )
                        ),
                        EventField(
                            "attributes",
                            .object(
                                texts("creationDate") + [
                                    EventField("mfaAuthenticated", flag),
                                    EventField("sessionCredentialFromConsole", flag),
                                ]
                            )
                        ),
                        EventField(
                            "webIdFederationData",
                            .object(texts("federatedProvider") + open("attributes"))
                        ),
                        EventField("assumedRoot", flag),
                    ] + texts("sourceIdentity ec2RoleDelivery signInSessionArn")
                )
            ),
            EventField("onBehalfOf", .object(texts("userId identityStoreArn"))),
            EventField("invokedByDelegate", .object(texts("accountId"))),
            EventField(
                "inScopeOf",
                .object(
                    texts("sourceArn sourceAccount issuerType credentialsIssuedTo credentialsIssuedToVersion")
                )
            ),
        ]

    private static let identityTypes = [
        "Root", "IAMUser", "AssumedRole", "Role", "FederatedUser", "Directory", "AWSAccount", "AWSService",
        "IdentityCenterUser", "SAMLUser", "WebIdentityUser", "Unknown",
    ]

    private static let eventTypes = [
        "AwsApiCall", "AwsServiceEvent", "AwsConsoleAction", "AwsConsoleSignIn", "AwsVpceEvent", "AwsVpceEvents",
        "AwsCloudTrailInsight", "AwsAggregatedEvent", "AwsMcpEvent",
    ]

    private static let eventCategories = [
        "Management", "Data", "NetworkActivity", "Insight", "Aggregated", "ConfigurationItem", "ActivityAuditLog",
        "ActivityLog", "Evidence",
    ]

    private static let insightDetails =
        [
            EventField("state", .usually(["Start", "End"])),
            EventField("insightType", .usually(["ApiCallRateInsight", "ApiErrorRateInsight"])),
        ]
        + texts("eventSource eventName errorCode")
        + [
            EventField(
                "insightContext",
                .object([
                    EventField(
                        "statistics",
                        .object(
                            [
                                EventField("baseline", .object(numbers("average"))),
                                EventField("insight", .object(numbers("average"))),
                            ] + numbers("insightDuration baselineDuration")
                        )
                    ),
                    EventField(
                        "attributions",
                        .list(
                            .object(
                                texts("attribute") + [
                                    EventField("insight", .list(.object(numbers("value average")))),
                                    EventField("baseline", .list(.object(numbers("value average")))),
                                ]
                            )
                        )
                    ),
                ])
            )
        ]

    private static let aggregated: [EventField] =
        texts("eventId accountId") + [
            EventField("timeWindow", .object(values("windowStart windowEnd windowSize"))),
            EventField(
                "summary",
                .object([
                    EventField("primaryDimension", .object(dimension)),
                    EventField("details", .list(.object(dimension))),
                ])
            ),
        ]

    private static let dimension =
        texts("dimension aggregationType") + [EventField("statistics", .list(.object(values("name value"))))]

    /// Of the event data stores of CloudTrail Lake.
    private static let lake: [EventField] =
        texts("insightSource insightState insightEventSource insightEventName insightErrorCode insightType")
        + open("insightContext eventData") + [EventField("metadata", .object(texts("ingestionTime channelARN")))]

    /// Of programs that carry records from one place to another.
    private static let shippers = open("@timestamp @version @metadata")

    private static func texts(_ keys: String) -> [EventField] {
        keys.split(separator: " ").map { EventField(String($0), .text) }
    }

    private static func values(_ keys: String) -> [EventField] {
        keys.split(separator: " ").map { EventField(String($0)) }
    }

    private static func numbers(_ keys: String) -> [EventField] {
        keys.split(separator: " ").map { EventField(String($0), .number) }
    }

    private static func open(_ keys: String) -> [EventField] {
        keys.split(separator: " ").map { EventField(String($0), .anything) }
    }
}

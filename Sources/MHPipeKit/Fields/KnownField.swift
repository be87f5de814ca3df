/// A top-level key that the record scan remembers the place of.
///
/// The first group are the fields of a CloudTrail record (CloudTrail User Guide, "record contents"); the second
/// are the keys by which the containers of records are told apart. Reading one of these from an event costs one
/// table look-up; any other key is searched for. As a `CodingKey` a case tells its name without reflection, which costs
/// the runtime a search for conformances.
@usableFromInline
package enum KnownField: Int, CaseIterable, CodingKey {
    case eventVersion, userIdentity, eventTime, eventSource, eventName, awsRegion, sourceIPAddress, userAgent
    case errorCode, errorMessage, requestParameters, responseElements, additionalEventData, requestID, eventID
    case readOnly, resources, eventType, apiVersion, managementEvent, recipientAccountId, serviceEventDetails
    case sharedEventID, vpcEndpointId, vpcEndpointAccountId, eventCategory, addendum, sessionCredentialFromConsole
    case eventContext, edgeDeviceDetails, tlsDetails, insightDetails, annotation
    case eventId, accountId, timeWindow, summary, mcpEventDetails

    case records
    case lookupEvents
    case logEvents
    case filteredLogEvents
    case queueMessages
    case deliveredRecords
    case detail
    case cloudTrailEvent
    case message
    case notificationSource

    // What the built-in transforms add; a record that has such a key of its own gives way.
    case identity, migration, call

    /// The number of known fields, which is the width of a row of field places.
    @usableFromInline package static let count = 51
}

extension KnownField {
    /// The key as it is written in a record.
    package var key: String {
        Self.keys[rawValue]
    }

    private static let keys: [String] = allCases.map { field in
        switch field {
        case .records: "Records"
        case .lookupEvents: "Events"
        case .filteredLogEvents: "events"
        case .queueMessages: "Messages"
        case .deliveredRecords: "records"
        case .cloudTrailEvent: "CloudTrailEvent"
        case .notificationSource: "EventSource"
        default: field.stringValue
        }
    }
}

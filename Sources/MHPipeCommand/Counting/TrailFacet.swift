import MHPipeKit

/// Something of an event that `stats` counts by.
enum TrailFacet: Int, CaseIterable {
    case account, region, service, identity, tool, eventVersion, eventType, category, day

    /// The field that it is; of a day, its time.
    var path: FieldPath {
        switch self {
        case .account: FieldPath("recipientAccountId")
        case .region: FieldPath("awsRegion")
        case .service: FieldPath("eventSource")
        case .identity: FieldPath("userIdentity", "type")
        case .tool: FieldPath("call", "tool")
        case .eventVersion: FieldPath("eventVersion")
        case .eventType: FieldPath("eventType")
        case .category: FieldPath("eventCategory")
        case .day: FieldPath("eventTime")
        }
    }

    /// What stands above its values.
    var title: String {
        switch self {
        case .account: "Accounts"
        case .region: "Regions"
        case .service: "Services"
        case .identity: "Identity types"
        case .tool: "Tools"
        case .eventVersion: "Event versions"
        case .eventType: "Event types"
        case .category: "Event categories"
        case .day: "Days"
        }
    }

    /// Its key in JSON.
    var key: String {
        switch self {
        case .account: "accounts"
        case .region: "regions"
        case .service: "services"
        case .identity: "identityTypes"
        case .tool: "tools"
        case .eventVersion: "eventVersions"
        case .eventType: "eventTypes"
        case .category: "eventCategories"
        case .day: "days"
        }
    }

    /// A value is cut behind so many characters.
    private static let longest = 200

    /// What an event counts as; nil without a value, for a day also without a time that can be read.
    func value(_ event: borrowing FieldValues) -> String? {
        guard !event.isAbsent(rawValue) else { return nil }
        let text = event.string(rawValue) ?? event.json(rawValue)
        guard self == .day else { return String(text.prefix(Self.longest)) }
        return Timestamp(rfc3339: text).map { String($0.description.prefix(10)) }
    }
}

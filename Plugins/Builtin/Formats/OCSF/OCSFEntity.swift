import MHPipeKit

/// What an event of Entity Management is about: a group, a policy, a provider, an account of the organization.
enum OCSFEntity {
    /// True for the services whose writes change such entities, where they change no user's account.
    static func isManaged(by source: JSONSlice) -> Bool {
        services.contains { source.equals($0) }
    }

    /// Writes the entity: what the action names, the kind of it by the action's own words.
    static func write(_ record: PlacedRecord, _ action: JSONSlice, _ writer: RecordWriter) {
        let kind = kind(action)
        let uid = uids.lazy.map(record.text).first(where: \.isPresent) ?? .missing
        let name = names.lazy.map(record.text).first(where: \.isPresent) ?? .missing
        writer.object("entity") {
            writer.text("name", uid.isPresent ? name : name.or(kind).or(action))
            writer.text("uid", uid)
            writer.text("type", kind)
        }
    }

    /// `CreatePolicyVersion` is about a `PolicyVersion`.
    private static func kind(_ action: JSONSlice) -> JSONSlice {
        let upper = unsafe action.bytes.indices.dropFirst().first { unsafe (0x41...0x5A).contains(action.bytes[$0]) }
        return upper.map { action.dropFirst($0) } ?? .missing
    }

    private static let services: [StaticString] = [
        "iam.amazonaws.com", "organizations.amazonaws.com", "sso.amazonaws.com", "sso-directory.amazonaws.com",
        "identitystore.amazonaws.com",
    ]

    private static let uids: [RecordField] = [
        .madeGroupARN, .madePolicyARN, .askedPolicyARN, .askedPermissionSet, .askedGroupID, .askedPolicyID, .askedUnit,
        .askedAccount,
    ]

    private static let names: [RecordField] = [
        .askedGroup, .askedPolicy, .askedProfile, .askedDevice, .askedName, .askedDisplayName, .askedAccountName,
    ]
}

import MHPipeKit

/// What kind of event an action is, in the words of the Elastic Common Schema.
///
/// The actions are those that Elastic's integration for AWS (data stream `cloudtrail`) has a kind for.
enum ECSCategory {
    enum Kind {
        case authentication, bucketMade, bucketDeleted
        case groupChange, groupInfo, groupMade, groupDeleted
        case userChange, userInfo, userMade, userDeleted
        case adminChange, adminMade
    }

    /// The kind of an action; nil for one that has none.
    static func kind(_ action: JSONSlice) -> Kind? {
        unsafe byName[String(decoding: action.bytes, as: UTF8.self)]
    }

    /// Writes `event.category` and `event.type`.
    static func write(_ action: JSONSlice, _ writer: RecordWriter) {
        guard let kind = kind(action) else {
            return writer.list("type") { writer.element("info") }
        }
        writer.list("category") { writer.element(kind.category) }
        writer.list("type") { for type in kind.types { writer.element(type) } }
    }

    private static let byName: [String: Kind] = {
        var table: [String: Kind] = [:]
        for (kind, names) in names {
            for name in names.split(whereSeparator: { $0 == " " || $0 == "\n" }) { table[String(name)] = kind }
        }
        return table
    }()

    private static let names: [(Kind, String)] = [
        (.authentication, "AssumeRole ConsoleLogin"),
        (.bucketMade, "CreateBucket"),
        (.bucketDeleted, "DeleteBucket"),
        (
            .groupChange,
            """
            AddUserToGroup AttachGroupPolicy DeleteGroupPolicy DetachGroupPolicy PutGroupPolicy RemoveUserFromGroup
            UpdateGroup
            """
        ),
        (
            .groupInfo,
            "GetGroup GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies ListGroups ListGroupsForUser"
        ),
        (.groupMade, "CreateGroup"),
        (.groupDeleted, "DeleteGroup"),
        (
            .userChange,
            """
            AttachUserPolicy ChangePassword CreateAccessKey CreateVirtualMFADevice DeactivateMFADevice DeleteAccessKey
            DeleteSSHPublicKey DeleteUserPermissionsBoundary DeleteUserPolicy DeleteVirtualMFADevice DetachUserPolicy
            EnableMFADevice PutUserPermissionsBoundary PutUserPolicy TagUser UntagUser UpdateAccessKey
            UpdateLoginProfile UpdateSSHPublicKey UpdateUser
            """
        ),
        (.userInfo, "GetUser GetUserPolicy ListAttachedUserPolicies ListUserPolicies ListUsers ListUserTags"),
        (.userMade, "CreateUser"),
        (.userDeleted, "DeleteUser"),
        (
            .adminChange,
            """
            SetDefaultPolicyVersion SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy UpdateRole
            """
        ),
        (.adminMade, "CreateKeyPair"),
    ]
}

extension ECSCategory.Kind {
    fileprivate var category: StaticString {
        switch self {
        case .authentication: "authentication"
        case .bucketMade, .bucketDeleted: "file"
        default: "iam"
        }
    }

    fileprivate var types: [StaticString] {
        switch self {
        case .authentication: ["info"]
        case .bucketMade: ["creation"]
        case .bucketDeleted: ["deletion"]
        case .groupChange: ["group", "change"]
        case .groupInfo: ["group", "info"]
        case .groupMade: ["group", "creation"]
        case .groupDeleted: ["group", "deletion"]
        case .userChange: ["user", "change"]
        case .userInfo: ["user", "info"]
        case .userMade: ["user", "creation"]
        case .userDeleted: ["user", "deletion"]
        case .adminChange: ["admin", "change"]
        case .adminMade: ["admin", "creation"]
        }
    }
}

import MHPipeKit

/// The OCSF class of an event, and the activity in it.
///
/// The numbers and captions are those of the schema, which are the same in all versions that `ocsf` writes.
struct OCSFKind {
    enum Class: Int64 {
        case accountChange = 3001
        case authentication = 3002
        case entityManagement = 3004
        case apiActivity = 6003

        var caption: StaticString {
            switch self {
            case .accountChange: "Account Change"
            case .authentication: "Authentication"
            case .entityManagement: "Entity Management"
            case .apiActivity: "API Activity"
            }
        }

        var category: Int64 { rawValue / 1000 }

        var categoryCaption: StaticString {
            self == .apiActivity ? "Application Activity" : "Identity & Access Management"
        }
    }

    /// The activity of what is none of the class's own ones; its name is that of the action.
    static let other: Int64 = 99

    let `class`: Class
    let activity: Int64

    /// The activity's caption; nil for one that the schema has no name for.
    var activityCaption: StaticString? {
        if activity == 0 { return "Unknown" }
        switch `class` {
        case .apiActivity, .entityManagement:
            return switch activity {
            case 1: "Create"
            case 2: "Read"
            case 3: "Update"
            case 4: "Delete"
            default: nil
            }
        case .authentication:
            return switch activity {
            case 1: "Logon"
            case 2: "Logoff"
            default: nil
            }
        case .accountChange:
            return switch activity {
            case 1: "Create"
            case 2: "Enable"
            case 3: "Password Change"
            case 4: "Password Reset"
            case 5: "Disable"
            case 6: "Delete"
            case 7: "Attach Policy"
            case 8: "Detach Policy"
            case 10: "MFA Factor Enable"
            case 11: "MFA Factor Disable"
            default: nil
            }
        }
    }

    private init(_ class: Class, _ activity: Int64) {
        self.class = `class`
        self.activity = activity
    }

    /// Decides by service and action.
    ///
    /// - Parameters:
    ///   - source: The record's `eventSource`.
    ///   - action: Its `eventName`.
    ///   - isWrite: Whether it changed something; nil where nothing tells.
    init(_ source: JSONSlice, _ action: JSONSlice, isWrite: Bool?) {
        if let activity = OCSFAccountChange.activity(source, action) {
            self.init(.accountChange, activity)
        } else if let activity = OCSFAuthentication.activity(source, action) {
            self.init(.authentication, activity)
        } else {
            let isEntity = isWrite == true && action.isPresent && OCSFEntity.isManaged(by: source)
            self.init(isEntity ? .entityManagement : .apiActivity, Self.verb(action, isWrite))
        }
    }

    /// What the first word of an action says that it does.
    private static func verb(_ action: JSONSlice, _ isWrite: Bool?) -> Int64 {
        guard action.isPresent else { return 0 }
        if isWrite == false { return 2 }
        let text = action.hasPrefix("Batch") ? action.dropFirst(5) : action
        return verbs.first { verb in verb.words.contains { text.hasPrefix($0) } }?.activity ?? other
    }

    private static let verbs: [(activity: Int64, words: [StaticString])] = [
        (1, ["Create", "Run", "Generate", "Allocate", "Import", "Copy", "Restore", "Upload", "Request", "Issue"]),
        (
            3,
            [
                "Update", "Put", "Modify", "Add", "Remove", "Start", "Stop", "Attach", "Detach", "Associate",
                "Disassociate", "Tag", "Untag", "Enable", "Disable", "Register", "Deregister", "Set", "Change", "Reset",
                "Replace", "Reboot", "Authorize", "Revoke", "Notify", "Write",
            ]
        ),
        (4, ["Delete", "Terminate", "Purge", "Release"]),
        (2, ["Get", "List", "Describe", "Search", "Lookup", "Head", "Scan", "Query"]),
    ]
}

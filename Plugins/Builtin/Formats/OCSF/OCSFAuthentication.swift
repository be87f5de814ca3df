import MHPipeKit

/// The events by which somebody signs in, or gets credentials for a session.
enum OCSFAuthentication {
    /// The activity of an event; nil for one that is no sign-in.
    static func activity(_ source: JSONSlice, _ action: JSONSlice) -> Int64? {
        if source.equals("signin.amazonaws.com") {
            if logons.contains(where: { action.equals($0) }) { return 1 }
            return action.equals("ExitRole") || action.equals("Logout") ? 2 : OCSFKind.other
        }
        if source.equals("sts.amazonaws.com") {
            if isRoleSession(action) { return 1 }
            return action.equals("GetSessionToken") || action.equals("GetFederationToken") ? OCSFKind.other : nil
        }
        if source.equals("sso.amazonaws.com") {
            if action.equals("Authenticate") || action.equals("Federate") { return 1 }
            if action.equals("Logout") { return 2 }
            return action.equals("GetRoleCredentials") ? OCSFKind.other : nil
        }
        return nil
    }

    /// True for the calls of STS that begin a session of a role, whose name then stands for the user.
    static func isRoleSession(_ action: JSONSlice) -> Bool { action.hasPrefix("AssumeRole") }

    private static let logons: [StaticString] = [
        "ConsoleLogin", "ExternalIdPDirectoryLogin", "UserAuthentication", "SwitchRole", "Federate",
    ]
}

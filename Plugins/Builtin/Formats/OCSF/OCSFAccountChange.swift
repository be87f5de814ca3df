import MHPipeKit

/// The events that change a user's or a role's account, and how.
enum OCSFAccountChange {
    /// The activity of an event; nil for one that changes no account.
    static func activity(_ source: JSONSlice, _ action: JSONSlice) -> Int64? {
        table(source)?.first { action.equals($0.action) }?.activity
    }

    private typealias Row = (action: StaticString, activity: Int64)

    private static func table(_ source: JSONSlice) -> [Row]? {
        if source.equals("iam.amazonaws.com") { return iam }
        if source.equals("signin.amazonaws.com") { return signIn }
        if source.equals("cognito-idp.amazonaws.com") { return cognito }
        if source.equals("sso-directory.amazonaws.com") || source.equals("identitystore.amazonaws.com") {
            return directory
        }
        return nil
    }

    private static let iam: [Row] = [
        ("CreateUser", 1), ("CreateRole", 1), ("CreateServiceLinkedRole", 1),
        ("CreateLoginProfile", 2), ("ChangePassword", 3), ("UpdateLoginProfile", 4), ("DeleteLoginProfile", 5),
        ("DeleteUser", 6), ("DeleteRole", 6), ("DeleteServiceLinkedRole", 6),
        ("AttachUserPolicy", 7), ("AttachRolePolicy", 7), ("PutUserPolicy", 7), ("PutRolePolicy", 7),
        ("PutUserPermissionsBoundary", 7), ("PutRolePermissionsBoundary", 7), ("AddUserToGroup", 7),
        ("DetachUserPolicy", 8), ("DetachRolePolicy", 8), ("DeleteUserPolicy", 8), ("DeleteRolePolicy", 8),
        ("DeleteUserPermissionsBoundary", 8), ("DeleteRolePermissionsBoundary", 8), ("RemoveUserFromGroup", 8),
        ("EnableMFADevice", 10), ("DeactivateMFADevice", 11),
        ("UpdateUser", 99), ("UpdateRole", 99), ("UpdateRoleDescription", 99), ("UpdateAssumeRolePolicy", 99),
        ("TagUser", 99), ("UntagUser", 99), ("TagRole", 99), ("UntagRole", 99), ("ResyncMFADevice", 99),
        ("CreateAccessKey", 99), ("UpdateAccessKey", 99), ("DeleteAccessKey", 99),
        ("UploadSSHPublicKey", 99), ("UpdateSSHPublicKey", 99), ("DeleteSSHPublicKey", 99),
        ("UploadSigningCertificate", 99), ("UpdateSigningCertificate", 99), ("DeleteSigningCertificate", 99),
        ("CreateServiceSpecificCredential", 99), ("UpdateServiceSpecificCredential", 99),
        ("ResetServiceSpecificCredential", 99), ("DeleteServiceSpecificCredential", 99),
    ]

    private static let signIn: [Row] = [
        ("PasswordUpdated", 3), ("PasswordRecoveryCompleted", 4), ("PasswordRecoveryRequested", 99),
    ]

    private static let cognito: [Row] = [
        ("AdminCreateUser", 1), ("SignUp", 1), ("AdminEnableUser", 2), ("ChangePassword", 3),
        ("AdminSetUserPassword", 4), ("AdminResetUserPassword", 4), ("ConfirmForgotPassword", 4),
        ("AdminDisableUser", 5), ("AdminDeleteUser", 6), ("DeleteUser", 6),
    ]

    private static let directory: [Row] = [
        ("CreateUser", 1), ("EnableUser", 2), ("UpdatePassword", 4), ("DisableUser", 5), ("DeleteUser", 6),
        ("UpdateUser", 99),
    ]
}

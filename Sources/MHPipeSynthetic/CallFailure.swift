/// A way in which a call fails, and how often.
struct CallFailure: Sendable {
    /// The `errorCode`; empty where there is none.
    let code: String
    /// The `errorMessage`, or nil where there is none.
    let message: CallPattern?
    /// How many of a thousand such calls fail so.
    let thousandths: Int

    init(_ code: String, _ message: CallPattern?, _ thousandths: Int) {
        self.code = code
        self.message = message
        self.thousandths = thousandths
    }

    /// True when the caller may not do it; most services then record no request.
    var isRefusal: Bool { code.contains("Denied") || code.contains("Unauthorized") }

    /// A refusal in the words of most services, or of EC2.
    static func denied(_ service: String, _ action: String, _ thousandths: Int) -> CallFailure {
        let refusal =
            "User: <<caller>> is not authorized to perform: \(service):\(action) "
            + "because no identity-based policy allows the \(service):\(action) action"
        guard service == "ec2" else { return CallFailure("AccessDenied", CallPattern(refusal), thousandths) }
        let message = CallPattern("You are not authorized to perform this operation. \(refusal)")
        return CallFailure("Client.UnauthorizedOperation", message, thousandths)
    }

    /// How calls of the Migration Hub family fail.
    static func ofMigrationHub(_ service: String, _ action: String) -> [CallFailure] {
        let denied = denied(service == "migrationhub" ? "mgh" : service, action, 35)
        let others = [
            CallFailure("ThrottlingException", "Rate exceeded", 12),
            CallFailure(
                "ResourceNotFoundException",
                action.hasPrefix("List") ? nil : "Requested resource not found",
                12
            ),
        ]
        let refused = [CallFailure("AccessDeniedException", denied.message, denied.thousandths)]
        guard service == "migrationhub" else { return refused + others }
        return refused + others + [
            CallFailure(
                "HomeRegionNotSetException",
                "The home region is not set. Set the home region to continue.",
                8
            ),
            CallFailure("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 4),
            CallFailure("InvalidInputException", nil, 3), CallFailure("InternalServerError", nil, 2),
        ]
    }
}

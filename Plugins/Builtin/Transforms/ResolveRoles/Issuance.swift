/// An event by which credentials came to somebody.
struct Issuance: Hashable {
    /// To whom.
    var caller: Caller
    /// When, in seconds since 1970.
    var time: Int64
    /// Until when they can be used.
    var end: Int64
    /// The access key that was issued.
    var accessKeyId: String?
    /// Whose credentials they are: a session's id, or an account's for root.
    var principalId: String?
    /// The session's ARN.
    var arn: String?
    /// The sign-in session that was begun.
    var signInSession: String?
    /// What the copies of the event in several accounts have in common.
    var sharedEventID: String?

    /// All of it, for an order that depends on nothing else.
    var text: String {
        [accessKeyId, principalId, arn, signInSession, sharedEventID, String(end), caller.text].map { $0 ?? "" }
            .joined(separator: "\u{0}")
    }

    static func isBefore(_ left: Issuance, _ right: Issuance) -> Bool {
        left.time != right.time ? left.time < right.time : left.text < right.text
    }

    /// What it takes in memory, about, with the places where it is looked for.
    var byteCount: Int {
        let texts = [accessKeyId ?? "", principalId ?? "", arn ?? "", signInSession ?? "", sharedEventID ?? ""]
        return texts.reduce(caller.byteCount + 400) { $0 + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
    }
}

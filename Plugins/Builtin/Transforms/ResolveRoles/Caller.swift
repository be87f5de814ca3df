/// What an event says of the credentials that it was made with.
struct Caller: Hashable {
    /// What the credentials say of who stands behind them.
    enum Kind: Int {
        /// Nothing: another account's copy would tell more, or nobody knows.
        case unknown, otherAccount
        /// They were issued to somebody, who is to be found.
        case session, federated
        /// They are somebody's own.
        case user, root, person, service
    }

    var kind = Kind.unknown
    /// How it is named: its ARN, or else the name, the id or the account.
    var name = ""
    var principalId: String?
    var accessKeyId: String?
    /// Since when the credentials are there, in seconds since 1970.
    var created: Int64?
    var signInSession: String?
    /// Root's credentials that came of AssumeRoot.
    var isAssumedRoot = false
    /// Who issued the credentials, where the event says so: a user's or root's ARN, or a service.
    var issuer: String?
    /// Whom the session says that it is for, which whoever issued it has set.
    var claim: String?

    /// True for what another copy of the event may know better.
    var isVague: Bool { kind == .unknown || kind == .otherAccount }

    /// The one of two descriptions of the same caller that says more; which comes first makes no difference.
    static func better(_ left: Caller, _ right: Caller) -> Caller {
        let (known, other) = (left.knownParts, right.knownParts)
        if known != other { return known > other ? left : right }
        return left.text <= right.text ? left : right
    }

    private var knownParts: Int {
        let parts = [principalId, accessKeyId, signInSession, issuer, claim].count { $0 != nil }
        return (isVague ? 0 : 100) + parts + (created == nil ? 0 : 1)
    }

    /// All of it, for an order that depends on nothing else.
    var text: String {
        let parts = [name, principalId, accessKeyId, created.map(String.init), signInSession, issuer, claim]
        return "\(kind.rawValue) \(isAssumedRoot) " + parts.map { $0 ?? "" }.joined(separator: "\u{0}")
    }

    /// What it takes in memory, about.
    var byteCount: Int {
        let texts = [name, principalId ?? "", accessKeyId ?? "", signInSession ?? "", issuer ?? "", claim ?? ""]
        return texts.reduce(200) { $0 + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
    }
}

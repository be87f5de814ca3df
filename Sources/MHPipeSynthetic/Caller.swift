/// Who makes a call, as far as the call decides it.
enum Caller: Sendable, Hashable {
    /// Whoever works in the account: people, programs, instances, services on behalf of them.
    case anyone
    /// Who works with Migration Hub: its tools first of all.
    case migrationTools
    /// Someone who uses the console.
    case console
    /// Another account.
    case otherAccount
    case webIdentity, saml, identityCenter
    /// An AWS service by itself, for example `cloudtrail`.
    case service(String)
    /// A service whose `userIdentity` has no type.
    case untyped(String)
}

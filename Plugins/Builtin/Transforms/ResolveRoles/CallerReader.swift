import MHPipeKit

/// Reads who made a call, by the rules of `identity`.
struct CallerReader {
    private var identity = UserIdentity()

    /// What stands beside the names: `FieldSet`s begin with these.
    static let fields = [
        FieldPath("userIdentity", "sessionContext", "attributes", "creationDate"),
        FieldPath("userIdentity", "sessionContext", "assumedRoot"), FieldPath("additionalEventData", "UserName"),
        FieldPath("eventTime"), FieldPath("eventType"), FieldPath("sharedEventID"),
    ]
    /// The numbers of these.
    static let (time, sharedEventID) = (3, 5)

    /// The caller of an event, and the time of the event in seconds since 1970; nil without `userIdentity`.
    mutating func caller(_ batch: EventBatch, _ event: borrowing FieldValues, _ reader: TextReader) -> Caller? {
        guard identity.read(batch.rows.position(of: .userIdentity, row: event.row), reader) else { return nil }
        let verdict = IdentityVerdict(identity) { event.slice(4).isString("AwsServiceEvent") }
        let names = IdentityNames(identity, verdict.kind)
        var caller = Caller()
        caller.kind = Caller.Kind(verdict.kind)
        caller.principalId = identity.principalId.nonEmptyString
        caller.accessKeyId = identity.accessKeyId.nonEmptyString
        caller.created = event.string(0).flatMap { Self.seconds($0) }
        caller.signInSession = identity.session.signInSession.nonEmptyString
        caller.isAssumedRoot = event.slice(1).flag == true
        let signInName = event.slice(2).unlessHidden
        let arn = identity.arn
        let name =
            switch caller.kind {
            case .service: names.service
            case .person where verdict.kind == .identityCenter:
                identity.userName.unlessHidden.or(signInName).or(identity.onBehalfOfUser).or(arn)
            case .person: identity.userName.unlessHidden.or(identity.principalId).or(arn)
            case .otherAccount: arn.or(identity.principalId)
            case .user: arn.or(identity.userName.unlessHidden)
            case .session, .federated, .root, .unknown: arn.or(names.session)
            }
        caller.name = (name.or(identity.principalId).or(identity.account)).nonEmptyString ?? ""
        // A name that CloudTrail withheld leaves nothing that says who it was.
        if !name.isPresent, !identity.principalId.isPresent { caller.kind = .unknown }
        caller.issuer = issuer(verdict.kind)
        let isDirectoryRole = names.role.hasPrefix("AWSReservedSSO_")
        caller.claim =
            identity.session.sourceIdentity.nonEmptyString ?? (isDirectoryRole ? names.session.nonEmptyString : nil)
        return caller
    }

    /// A time in seconds since 1970, as records have it: `2017-05-23T23:54:04Z`, or `20170523T235404Z`.
    static func seconds(_ text: String) -> Int64? {
        if let time = Timestamp(rfc3339: text) { return time.seconds }
        let digits = Array(text.utf8)
        guard digits.count == 16, digits[8] == UInt8(ascii: "T") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let (date, time) = ([part(0..<4), part(4..<6), part(6..<8)], [part(9..<11), part(11..<13), part(13..<16)])
        return Timestamp(rfc3339: date.joined(separator: "-") + "T" + time.joined(separator: ":"))?.seconds
    }

    private func issuer(_ kind: IdentityVerdict.Kind) -> String? {
        let session = identity.session
        if let service = session.linkedRoleService?.nonEmptyString { return service }
        guard kind == .federatedUser, session.issuerType.equals("IAMUser") || session.issuerType.equals("Root") else {
            return nil
        }
        return session.issuerARN.nonEmptyString
    }
}

extension Caller.Kind {
    fileprivate init(_ kind: IdentityVerdict.Kind) {
        switch kind {
        case .root: self = .root
        case .iamUser: self = .user
        case .role: self = .session
        case .federatedUser: self = .federated
        case .federatedSignIn, .identityCenter: self = .person
        case .service: self = .service
        case .crossAccount: self = .otherAccount
        case .unknown: self = .unknown
        }
    }
}

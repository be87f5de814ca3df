import MHPipeKit

/// Who did it, and to whose account: OCSF's `actor` and `user`.
struct OCSFPeople {
    private var identity = UserIdentity()
    private var kind = IdentityVerdict.Kind.unknown
    private var actor = JSONSlice.missing

    /// Takes the caller of another record.
    mutating func read(_ record: PlacedRecord) {
        let hasIdentity = identity.read(record.rows.position(of: .userIdentity, row: record.row), record.reader)
        kind = IdentityVerdict(identity) { record.text(.eventType).equals("AwsServiceEvent") }.kind
        actor = hasIdentity ? record.fitting(IdentityNames(identity, kind).actor) : .missing
    }

    /// Writes who did it.
    func writeActor(_ record: PlacedRecord, _ writer: RecordWriter) {
        writer.object("actor") {
            writeCaller(record, writer)
            writeSession(record, writer)
            writer.object("idp") {
                writer.text("name", record.take(.identityProvider).or(record.take(.federatedProvider)))
            }
            writer.text("invoked_by", record.take(.invokedBy))
        }
    }

    /// Writes whom a sign-in or a change of an account is about.
    func writeSubject(_ record: PlacedRecord, _ kind: OCSFKind, _ action: JSONSlice, _ writer: RecordWriter) {
        if kind.class == .authentication {
            guard OCSFAuthentication.isRoleSession(action) else { return writeCaller(record, writer) }
            writeRoleSession(record, writer)
        } else {
            writeChangedAccount(record, writer)
        }
    }

    private func writeCaller(_ record: PlacedRecord, _ writer: RecordWriter) {
        let type = record.take(.callerType)
        let account = record.take(.callerAccount)
        let uid = record.take(.callerARN).or(record.take(.onBehalfOfUser))
        let named = record.text(.callerName)
        let name = kind == .root ? named : actor
        for field in [RecordField.callerName, .issuerName] where record.text(field).equals(name) { record.use(field) }
        writer.object("user") {
            // AWS's word for the kind of caller is none of the captions that the schema has.
            if type.isPresent, !type.equals("Unknown") {
                writer.text("type", type)
                writer.number("type_id", 99)
            } else {
                writer.text("type", "Unknown")
                writer.number("type_id", 0)
            }
            if kind == .root, !name.isPresent {
                writer.text("name", "root")
            } else if name.isPresent || uid.isPresent || account.isPresent {
                writer.text("name", name)
            } else {
                writer.text("name", "Unknown")
            }
            writer.text("uid", uid)
            writer.text("uid_alt", record.take(.callerID))
            writer.text("credential_uid", record.take(.callerKey))
            Self.writeAccount(account, writer)
        }
    }

    private func writeSession(_ record: PlacedRecord, _ writer: RecordWriter) {
        writer.object("session") {
            if let time = record.time(.sessionCreated) {
                record.use(.sessionCreated, as: time)
                writer.number("created_time", time.milliseconds)
                writer.text("created_time_dt", time.isoText)
            }
            if let isMFA = record.flag(.sessionMFA) {
                record.use(.sessionMFA)
                writer.bool("is_mfa", isMFA)
            }
            writer.text("issuer", record.take(.issuerARN))
        }
    }

    /// The session of a role that a call of STS began; what asked for it is the actor.
    private func writeRoleSession(_ record: PlacedRecord, _ writer: RecordWriter) {
        let uid = record.text(.madeSessionARN).or(record.text(.askedRoleARN))
        let session = record.text(.askedSession).or(uid.arnRoleSession)
        guard uid.isPresent || session.isPresent else { return writeCaller(record, writer) }
        writer.object("user") {
            writer.text("type", "AssumedRole")
            writer.number("type_id", 99)
            writer.text("name", session)
            writer.text("uid", uid)
            writer.text("uid_alt", record.text(.madeSessionID))
            writer.text("credential_uid", record.text(.madeKey))
            Self.writeAccount(uid.arnAccount, writer)
        }
    }

    private func writeChangedAccount(_ record: PlacedRecord, _ writer: RecordWriter) {
        let user = record.text(.askedUser).or(record.text(.askedUsername)).or(record.text(.madeUser)).unlessHidden
        let role = user.isPresent ? .missing : record.text(.askedRole).or(record.text(.madeRole))
        let uid = record.text(.madeUserARN).or(record.text(.madeRoleARN)).or(record.text(.askedUserID))
        guard user.isPresent || role.isPresent || uid.isPresent else { return writeCaller(record, writer) }
        writer.object("user") {
            writer.text("name", user.or(role))
            writer.text("uid", uid)
            writer.text("uid_alt", record.text(.madeUserID).or(record.text(.madeRoleID)))
            Self.writeAccount(record.text(.recipientAccountId).or(record.text(.callerAccount)), writer)
            writer.list("groups") {
                writer.object { writer.text("name", record.text(.askedGroup)) }
            }
        }
    }

    static func writeAccount(_ account: JSONSlice, _ writer: RecordWriter) {
        guard account.isPresent else { return }
        writer.object("account") {
            writer.text("uid", account)
            writer.text("type", "AWS Account")
            writer.number("type_id", 10)
        }
    }
}

extension JSONSlice {
    /// The account in an ARN; missing where it has none.
    fileprivate var arnAccount: JSONSlice {
        let colon = UInt8(ascii: ":")
        guard hasPrefix("arn:") else { return .missing }
        return afterFirst(colon).afterFirst(colon).afterFirst(colon).afterAccountSeparator
    }

    /// The fifth field of an ARN, from where its region begins.
    private var afterAccountSeparator: JSONSlice {
        let colon = UInt8(ascii: ":")
        let account = afterFirst(colon)
        return unsafe account.bytes.first == colon ? .missing : account.upTo(colon)
    }
}

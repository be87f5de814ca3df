import MHPipeKit

/// Says of every event who made it: an object with the answers to the three questions of AWS, and the caller's names.
///
/// Events keep their order and none is dropped. The rules read `userIdentity`, and `eventType` where that has no
/// `type`; `additionalEventData` (`MFAUsed`, `UserName`) where a sign-in says more there, and `mcpEventDetails`. An empty
/// string or a value of another JSON type counts as missing. `kind`, `rootOrUser`, `temporaryCredentials`, `byService`
/// and `basis` are always there, everything else where it applies.
///
/// What was said of a caller is remembered by the bytes of its `userIdentity`, for callers come in rows.
///
/// - Complexity: O(*n*) in the tokens of `userIdentity`, which is walked once.
struct IdentityTransform: Transform, DescribedTransform {
    static let name = "identity"
    static let summary = "Adds who made each call: root or user, role or federated session, or a service."

    struct Options: PluginOptions {
        var column: ColumnName = "identity"

        static let all: [Option<Options>] = [
            .optional("as", \.column, "The top-level key under which it is added.", example: "caller")
        ]
    }

    /// The keys, in the order in which they are written.
    fileprivate enum Member: Int, CaseIterable, CodingKey {
        case kind, rootOrUser, temporaryCredentials, byService, basis
        case actor, role, session, issuerArn
        case account, principalId, accessKeyId
        case mfa, service, crossAccount, keyKind
        case provider, sourceIdentity, onBehalfOf
        case signInSession, agent, identityStore
    }

    private let layout: ColumnLayout
    private var identity = UserIdentity()
    private let known: AddedRowCache

    init(_ options: Options, _ context: PluginContext) {
        layout = ColumnLayout(options.column.key, members: Member.allCases.map(\.stringValue))
        known = AddedRowCache(layout)
    }

    static func reads(_ options: Options) -> [FieldPath] {
        ["userIdentity", "eventType", "additionalEventData", "recipientAccountId", "mcpEventDetails"].map {
            FieldPath($0)
        }
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        options.column.warnings(unless: Options().column)
    }

    static func adds(_ options: Options) -> [EventField]? {
        let members = Member.allCases.map { EventField($0.stringValue, $0.content) }
        return [EventField(options.column.key, .object(members))]
    }

    mutating func process(_ batch: EventBatch) {
        let column = batch.addColumn(layout)
        let reader = TextReader(cursor: JSONCursor(batch.window), column: column)
        for row in batch.selection {
            let position = batch.rows.position(of: .userIdentity, row: row)
            guard position > 0, reader.cursor.byte(at: position) == UInt8(ascii: "{") else {
                fill(column, row, batch.rows, reader)
                continue
            }
            fillAsKnown(column, row, batch, reader, position)
            complete(column, row, batch.rows, reader)
        }
    }

    /// Fills a row with what `userIdentity` says, as it was remembered of the caller where it was.
    @inline(__always)
    private mutating func fillAsKnown(
        _ column: AddedColumn,
        _ row: Int,
        _ batch: EventBatch,
        _ reader: TextReader,
        _ position: Int
    ) {
        guard let account = unsafe Self.recipient(batch.rows, row, reader.cursor) else {
            return fill(column, row, batch.rows, reader)
        }
        if unsafe known.fillWithNewest(column, row, object: batch.window.bytes(from: position), account) { return }
        let key = unsafe AddedRowCache.Key(reader.cursor.slice(position).bytes, account)
        if known.fill(column, row, for: key) { return }
        fill(column, row, batch.rows, reader)
        // Without a type the rules read more than the key holds.
        if identity.type.isPresent { known.keep(column, row, for: key) }
    }

    /// Adds what other fields of the record say of the caller, which is remembered of no caller.
    @inline(__always)
    private mutating func complete(_ column: AddedColumn, _ row: Int, _ rows: RowTable, _ reader: TextReader) {
        let agent = rows.position(of: .mcpEventDetails, row: row)
        if agent > 0 {
            var server = JSONSlice.missing
            _ = unsafe reader.cursor.members(of: agent) { key, value in
                if unsafe IdentityKey(key) == .mcpServerName { server = reader.text(value) }
                return reader.cursor.skip(value)
            }
            column.set(server, row, .agent)
        }
        let details = rows.position(of: .additionalEventData, row: row)
        if details > 0, reader.cursor.byte(at: details) == UInt8(ascii: "{") {
            complete(column, row, rows, reader, signIn: details)
        }
    }

    private mutating func complete(
        _ column: AddedColumn,
        _ row: Int,
        _ rows: RowTable,
        _ reader: TextReader,
        signIn position: Int
    ) {
        let kind = column.slice(row: row, member: Member.kind.rawValue)
        let asksForName = kind.equals(IdentityVerdict.Kind.identityCenter.text)
        let asksForMFA = !column.slice(row: row, member: Member.mfa.rawValue).isPresent
        guard asksForName || asksForMFA else { return }

        let signIn = SignInDetails(position, reader)
        // A "No" counts only where AWS itself would have asked, not some identity provider.
        if asksForMFA, let mfa = signIn.mfaUsed, mfa || Self.isSignedInByAWS(kind, column, row) {
            column.set(bool: mfa, row, .mfa)
        }
        if asksForName, signIn.userName.isPresent, identity.read(rows.position(of: .userIdentity, row: row), reader),
            !identity.userName.unlessHidden.isPresent
        {
            column.set(signIn.userName, row, .actor)
        }
    }

    /// True when the record's type is `Root` or `IAMUser`.
    private static func isSignedInByAWS(_ kind: JSONSlice, _ column: AddedColumn, _ row: Int) -> Bool {
        (kind.equals(IdentityVerdict.Kind.root.text) || kind.equals(IdentityVerdict.Kind.iamUser.text))
            && column.slice(row: row, member: Member.basis.rawValue).equals(IdentityVerdict.Basis.type.text)
    }

    /// The bytes of the account that got the event, none where the record has no such field; nil when it is no string.
    private static func recipient(_ rows: RowTable, _ row: Int, _ cursor: JSONCursor) -> UnsafeBufferPointer<UInt8>? {
        let position = rows.position(of: .recipientAccountId, row: row)
        guard position > 0 else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        return unsafe cursor.byte(at: position) == UInt8(ascii: "\"") ? cursor.stringBytes(position) : nil
    }

    private mutating func fill(_ column: AddedColumn, _ row: Int, _ rows: RowTable, _ reader: TextReader) {
        let hasIdentity = identity.read(rows.position(of: .userIdentity, row: row), reader)
        let verdict = IdentityVerdict(identity) {
            reader.text(.eventType, rows, row).equals("AwsServiceEvent")
        }
        column.set(literal: verdict.kind.text, row, .kind)
        column.set(bool: verdict.rootOrUser, row, .rootOrUser)
        column.set(bool: verdict.temporaryCredentials, row, .temporaryCredentials)
        column.set(bool: verdict.byService, row, .byService)
        column.set(literal: verdict.basis.text, row, .basis)
        guard hasIdentity else { return }

        let names = IdentityNames(identity, verdict.kind)
        if verdict.kind == .root {
            column.set(literal: "root", row, .actor)
        } else {
            column.set(names.actor, row, .actor)
        }
        column.set(names.role, row, .role)
        column.set(names.session, row, .session)
        column.set(names.issuerARN, row, .issuerArn)
        column.set(identity.account, row, .account)
        column.set(identity.principalId, row, .principalId)
        column.set(identity.accessKeyId, row, .accessKeyId)
        if let mfa = identity.session.mfa { column.set(bool: mfa, row, .mfa) }
        column.set(names.service, row, .service)
        let recipient = reader.text(.recipientAccountId, rows, row)
        if identity.account.isPresent, recipient.isPresent {
            column.set(bool: !identity.account.equals(recipient), row, .crossAccount)
        }
        if let kind = Self.keyKind(identity.accessKeyId) { column.set(literal: kind, row, .keyKind) }
        column.set(identity.identityProvider.or(identity.session.federatedProvider), row, .provider)
        column.set(identity.session.sourceIdentity, row, .sourceIdentity)
        column.set(identity.onBehalfOfUser, row, .onBehalfOf)
        column.set(identity.session.signInSession, row, .signInSession)
        if identity.invokedBy.equals("aws-mcp.amazonaws.com") { column.set(literal: "aws-mcp", row, .agent) }
        column.set(identity.identityStore, row, .identityStore)
    }

    /// What an access key's prefix tells (IAM User Guide, "Understanding unique ID prefixes").
    private static func keyKind(_ key: JSONSlice) -> StaticString? {
        guard key.hasPrefix("A") else { return nil }
        if key.hasPrefix("ASIA") { return "temporary" }
        if key.hasPrefix("AKIA") { return "long_term" }
        if key.hasPrefix("ABIA") { return "service_bearer" }
        return key.hasPrefix("ACCA") ? "context" : nil
    }
}

extension AddedColumn {
    @inline(__always)
    fileprivate func set(literal: StaticString, _ row: Int, _ member: IdentityTransform.Member) {
        set(literal: literal, row: row, member: member.rawValue)
    }

    @inline(__always)
    fileprivate func set(bool: Bool, _ row: Int, _ member: IdentityTransform.Member) {
        set(bool: bool, row: row, member: member.rawValue)
    }

    /// Leaves the member out when the slice is missing.
    @inline(__always)
    fileprivate func set(_ slice: JSONSlice, _ row: Int, _ member: IdentityTransform.Member) {
        if slice.isPresent { set(slice, row: row, member: member.rawValue) }
    }
}

extension IdentityTransform.Member {
    fileprivate var content: EventField.Content {
        switch self {
        case .kind: .oneOf(IdentityVerdict.Kind.allCases.map { $0.text.description })
        case .basis: .oneOf(IdentityVerdict.Basis.allCases.map { $0.text.description })
        case .keyKind: .oneOf(["temporary", "long_term", "service_bearer", "context"])
        case .rootOrUser, .temporaryCredentials, .byService, .mfa, .crossAccount: .boolean
        default: .value
        }
    }
}

extension IdentityVerdict.Kind {
    fileprivate var text: StaticString {
        switch self {
        case .root: "root"
        case .iamUser: "iam_user"
        case .role: "role"
        case .federatedUser: "federated_user"
        case .federatedSignIn: "federated_sign_in"
        case .identityCenter: "identity_center"
        case .service: "service"
        case .crossAccount: "cross_account"
        case .unknown: "unknown"
        }
    }
}

extension IdentityVerdict.Basis {
    fileprivate var text: StaticString {
        switch self {
        case .type: "type"
        case .onBehalfOf: "onBehalfOf"
        case .sessionIssuer: "sessionIssuer"
        case .arn: "arn"
        case .principalId: "principalId"
        case .accessKeyId: "accessKeyId"
        case .eventType: "eventType"
        case .invokedBy: "invokedBy"
        case .none: "none"
        }
    }
}

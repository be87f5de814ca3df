import MHPipeKit

/// A column of the table: the field it holds, its name and its type.
struct TableColumn: Hashable, Sendable {
    /// The types that events are written as; the raw value is what `format_type` calls them.
    enum Kind: String {
        case text
        case boolean
        case double = "double precision"
        case timestamp = "timestamp with time zone"
        case jsonb
    }

    /// Nil for the whole record.
    let path: FieldPath?
    let name: String
    let kind: Kind

    /// The key of the table.
    static let eventID = TableColumn(FieldPath("eventID"))

    /// The whole record, with what transforms have added.
    static let record = TableColumn(path: nil, name: "record", kind: .jsonb)

    init(_ path: FieldPath) {
        self.init(path: path, name: Self.name(of: path), kind: Self.kinds[path.keys] ?? .text)
    }

    private init(path: FieldPath?, name: String, kind: Kind) {
        self.path = path
        self.name = name
        self.kind = kind
    }

    /// What messages call it.
    var text: String { path?.text ?? "record" }

    /// The name in quotes, as SQL takes it.
    var quotedName: String { SQLName.quoted(name) }

    /// The fields that are written where the pipeline names none.
    ///
    /// Those of `identity` and `migration` are there whether or not the pipeline has these transforms, so that every
    /// table has the same columns.
    static let defaultPaths: [FieldPath] = """
        eventID eventTime eventName eventSource awsRegion recipientAccountId userIdentity.type userIdentity.arn
        userIdentity.userName userIdentity.principalId userIdentity.accountId userIdentity.accessKeyId
        userIdentity.invokedBy userIdentity.sessionContext.sessionIssuer.arn
        userIdentity.sessionContext.attributes.mfaAuthenticated sourceIPAddress userAgent errorCode errorMessage
        readOnly managementEvent eventType eventCategory requestID sharedEventID identity.kind identity.actor
        migration.service migration.action migration.write migration.status migration.percent resources
        requestParameters responseElements additionalEventData
        """
        .split(whereSeparator: \.isWhitespace).compactMap { try? FieldPath(parsing: String($0)) }

    /// What fields hold that are no texts.
    private static let kinds: [[String]: Kind] = {
        let fields: [(Kind, String)] = [
            (.timestamp, "eventTime userIdentity.sessionContext.attributes.creationDate"),
            (
                .boolean,
                """
                readOnly managementEvent userIdentity.sessionContext.attributes.mfaAuthenticated identity.rootOrUser
                identity.temporaryCredentials identity.byService identity.mfa identity.crossAccount migration.write
                migration.dryRun
                """
            ),
            (.double, "migration.percent"),
            // Their shape differs from service to service.
            (
                .jsonb,
                """
                requestParameters responseElements additionalEventData resources userIdentity serviceEventDetails
                tlsDetails addendum insightDetails identity migration
                """
            ),
        ]
        var kinds: [[String]: Kind] = [:]
        for (kind, paths) in fields {
            for path in paths.split(whereSeparator: \.isWhitespace) {
                kinds[path.split(separator: ".").map(String.init)] = kind
            }
        }
        return kinds
    }()

    /// Lower case with underscores, so that nobody has to quote it: `sourceIPAddress` is `source_ip_address`.
    private static func name(of path: FieldPath) -> String {
        let letters = Array(path.columnName)
        var name = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0 {
                let previous = letters[index - 1]
                let endsAbbreviation = index + 1 < letters.count && letters[index + 1].isLowercase
                if previous.isLowercase || previous.isNumber || (previous.isUppercase && endsAbbreviation) {
                    name += "_"
                }
            }
            name += letter.lowercased()
        }
        return name
    }
}

extension [TableColumn] {
    /// The columns that options ask for: the key first, where they do not name it.
    ///
    /// - Throws: `OptionError` when two columns would have one name, or a name is one that PostgreSQL cannot have.
    init(_ paths: [FieldPath], record: Bool) throws(OptionError) {
        guard !paths.isEmpty else { throw OptionError(option: "columns", "needs at least one field path") }
        var columns = paths.map { TableColumn($0) }
        if !columns.contains(.eventID) { columns.insert(.eventID, at: 0) }
        if record { columns.append(.record) }
        var seen: [String: TableColumn] = [:]
        for column in columns {
            if let problem = SQLName.problem(column.name) {
                throw OptionError(
                    option: "columns",
                    "names '\(column.text)', whose column '\(column.name)' \(problem)",
                    at: column.text
                )
            }
            guard let other = seen.updateValue(column, forKey: column.name) else { continue }
            let reason =
                other == column
                ? "names '\(column.text)' twice"
                : "names '\(other.text)' and '\(column.text)', which would be the same column '\(column.name)'"
            throw OptionError(option: "columns", reason, at: column.text)
        }
        // A table has at most 1600 columns (postgresql.org/docs/current/limits.html); one more is for the order of rows.
        if columns.count >= 1600 { throw OptionError(option: "columns", "names more columns than PostgreSQL allows") }
        self = columns
    }
}

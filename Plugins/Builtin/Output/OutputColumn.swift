import MHPipeKit

/// A column of a table: which field it shows, and what the field holds.
struct OutputColumn: Hashable {
    /// What a field is known to hold.
    enum Content: String, Hashable {
        case text
        case boolean
        case number
        /// Whatever it is, it is shown as JSON text, since its shape differs from service to service.
        case json
        /// Nothing is known of it.
        case anything
    }

    let path: FieldPath
    let content: Content

    /// The column of a field; what it holds is known for the default columns.
    init(_ path: FieldPath) {
        self.path = path
        content = Self.contents[path.keys] ?? .anything
    }

    private init(_ text: Substring, _ content: Content) {
        path = FieldPath(keys: text.split(separator: ".").map(String.init))
        self.content = content
    }

    var name: String { path.columnName }

    /// The columns of CSV and SQLite where the pipeline names none, in their order.
    ///
    /// `docs/output-schema.md` describes them. Those of `identity` and `migration` are there whether or not the
    /// pipeline has these transforms, so that every table has the same columns.
    static let all: [OutputColumn] =
        columns(
            """
            eventTime eventName eventSource awsRegion recipientAccountId
            userIdentity.type userIdentity.arn userIdentity.userName userIdentity.principalId userIdentity.accountId
            userIdentity.accessKeyId userIdentity.invokedBy
            userIdentity.sessionContext.sessionIssuer.userName userIdentity.sessionContext.sessionIssuer.arn
            """
        )
        // A string in most records, and a boolean in some.
        + columns("userIdentity.sessionContext.attributes.mfaAuthenticated", .anything)
        + columns("sourceIPAddress userAgent errorCode errorMessage")
        + columns("readOnly managementEvent", .boolean)
        + columns("eventType eventCategory eventVersion requestID eventID sharedEventID vpcEndpointId")
        + columns("identity.kind")
        + columns("identity.rootOrUser identity.temporaryCredentials identity.byService", .boolean)
        + columns(
            """
            identity.basis identity.actor identity.role identity.session identity.issuerArn identity.account
            identity.principalId identity.accessKeyId
            """
        )
        + columns("identity.mfa", .boolean)
        + columns("identity.service")
        + columns("identity.crossAccount", .boolean)
        + columns("identity.keyKind identity.provider identity.sourceIdentity identity.onBehalfOf")
        + columns("migration.service migration.action")
        + columns("migration.write migration.dryRun", .boolean)
        + columns("migration.stream migration.task migration.application migration.status")
        + columns("migration.percent", .number)
        + columns("migration.statusDetail migration.resource")
        + columns("resources")
        + columns("requestParameters responseElements additionalEventData", .json)

    /// The fields that they show.
    static let paths = all.map(\.path)

    /// Those of `call`, which stand behind the others where the pipeline has that transform.
    static let ofCall: [OutputColumn] =
        columns("call.outcome call.error")
        + columns("call.write", .boolean)
        + columns("call.source call.ip call.service call.tool call.toolVersion")
        + columns("call.arns call.targetUser call.targetRole call.targetGroup call.issuedKey")

    /// What `identity` says of few events, and has no column by default.
    private static let rare = columns("identity.signInSession identity.agent identity.identityStore")

    /// What `resolve_roles` says.
    private static let ofOrigins = columns("identity.origin identity.certainty identity.chain")

    private static let contents = Dictionary(
        uniqueKeysWithValues: (all + ofCall + rare + ofOrigins).map { ($0.path.keys, $0.content) }
    )

    /// The fields of the default columns of a sink: of events, and of what its pipeline has put into them or made of them.
    static func usualPaths(_ context: PluginContext) -> [FieldPath] {
        let added = context.addedFields ?? AddedFields()
        guard !added.areAll else { return added.paths }
        let usual = paths + (context.addedKeys.contains("call") ? ofCall.map(\.path) : [])
        let shown = usual + rare.map(\.path)
        return usual
            + added.paths.filter { path in
                !shown.contains { path.keys.starts(with: $0.keys) || $0.keys.starts(with: path.keys) }
            }
    }

    private static func columns(_ paths: String, _ content: Content = .text) -> [OutputColumn] {
        paths.split { $0 == " " || $0 == "\n" }.map { OutputColumn($0, content) }
    }
}

extension [OutputColumn] {
    /// The columns of a sink: those that an option names, with those of its pipeline where it names the default ones.
    ///
    /// - Parameters:
    ///   - choices: The option's value.
    ///   - context: The sink's.
    ///   - key: Makes of a column's name what must differ from one column to the next.
    /// - Throws: `OptionError` when there is none, or two columns would have one name.
    init(
        _ choices: [ColumnChoice],
        _ context: PluginContext,
        distinctBy key: (String) -> String = { $0 }
    ) throws(OptionError) {
        guard !choices.isEmpty else { throw OptionError(option: "columns", "needs at least one field path") }
        let usual = OutputColumn.usualPaths(context)
        // What is named beside the default ones has the place where it is named.
        let named = Set(choices.map(\.path))
        let paths =
            choices == ColumnChoice.usual
            ? usual : choices.flatMap { $0 == .defaults ? usual.filter { !named.contains($0) } : [$0.path] }
        var seen: [String: FieldPath] = [:]
        for path in paths {
            guard let other = seen.updateValue(path, forKey: key(path.columnName)) else { continue }
            let reason =
                other == path
                ? "names '\(path.text)' twice"
                : "names '\(other.text)' and '\(path.text)', which would be the same column '\(path.columnName)'"
            throw OptionError(option: "columns", reason, at: path.text)
        }
        self = paths.map(OutputColumn.init)
    }
}

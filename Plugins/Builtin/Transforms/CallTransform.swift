import MHPipeKit

/// Says of every event what was done, to what, from where and with what outcome: an object beside who did it.
///
/// Events keep their order and none is dropped. What does not apply is left out, so Insight and aggregated events, which
/// are no calls, get nothing. An empty string or a value of another JSON type counts as missing.
///
/// - Complexity: O(*n*) in the tokens of `resources`, `requestParameters` and `responseElements`.
struct CallTransform: Transform, DescribedTransform {
    static let name = "call"
    static let summary =
        "Adds what each call did: outcome, error, write, source, tool, ARNs touched, target, issued key."

    struct Options: PluginOptions {
        var column: ColumnName = "call"

        static let all: [Option<Options>] = [
            .optional("as", \.column, "The top-level key under which it is added.", example: "what")
        ]
    }

    /// The keys, in the order in which they are written.
    fileprivate enum Member: Int, CaseIterable, CodingKey {
        case outcome, error, write
        case source, ip, service
        case tool, toolVersion
        case arns, targetUser, targetRole, targetGroup, issuedKey
    }

    private let layout: ColumnLayout
    private var touched = TouchedARNs()
    private var target = CallTarget()

    init(_ options: Options, _ context: PluginContext) {
        layout = ColumnLayout(options.column.key, members: Member.allCases.map(\.stringValue))
    }

    static func reads(_ options: Options) -> [FieldPath] {
        [
            "eventName", "errorCode", "errorMessage", "readOnly", "sourceIPAddress", "userAgent", "resources",
            "requestParameters",
            "responseElements",
        ].map { FieldPath($0) }
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
        for row in batch.selection { fill(column, row, batch.rows, reader) }
    }

    private mutating func fill(_ column: AddedColumn, _ row: Int, _ rows: RowTable, _ reader: TextReader) {
        let action = reader.text(.eventName, rows, row)
        let code = reader.text(.errorCode, rows, row)
        let message = reader.text(.errorMessage, rows, row)
        guard let outcome = CallOutcome(row, rows, reader, action: action, code: code, message: message) else { return }
        column.set(literal: outcome.text, row, .outcome)
        if outcome != .success { column.set(code.or(message), row, .error) }
        if let isWrite = CallEffect.isWrite(reader.cursor, rows.position(of: .readOnly, row: row), action) {
            column.set(bool: isWrite, row: row, member: Member.write.rawValue)
        }

        let address = reader.text(.sourceIPAddress, rows, row)
        if let source = CallSource(address) {
            column.set(literal: source.text, row, .source)
            if source == .ip { column.set(address, row, .ip) }
            if source == .service { column.set(address, row, .service) }
        }
        let tool = CallTool(reader.text(.userAgent, rows, row))
        if tool.isBrowser { column.set(literal: "browser", row, .tool) } else { column.set(tool.name, row, .tool) }
        column.set(tool.version, row, .toolVersion)

        let request = rows.position(of: .requestParameters, row: row)
        let response = rows.position(of: .responseElements, row: row)
        touched.read(resources: rows.position(of: .resources, row: row), request, response, reader)
        if let list = touched.list { column.set(compactJSON: list, row: row, member: Member.arns.rawValue) }
        target.read(reader.text(.eventSource, rows, row), action, request, response, reader)
        column.set(target.user, row, .targetUser)
        column.set(target.role, row, .targetRole)
        column.set(target.group, row, .targetGroup)
        column.set(target.issuedKey, row, .issuedKey)
    }
}

extension AddedColumn {
    fileprivate func set(literal: StaticString, _ row: Int, _ member: CallTransform.Member) {
        set(literal: literal, row: row, member: member.rawValue)
    }

    /// Leaves the member out when the slice is missing.
    fileprivate func set(_ slice: JSONSlice, _ row: Int, _ member: CallTransform.Member) {
        if slice.isPresent { set(slice, row: row, member: member.rawValue) }
    }
}

extension CallTransform.Member {
    fileprivate var content: EventField.Content {
        switch self {
        case .outcome: .oneOf(CallOutcome.allCases.map { $0.text.description })
        case .source: .oneOf(CallSource.allCases.map { $0.text.description })
        case .write: .boolean
        case .arns: .list(.value)
        default: .value
        }
    }
}

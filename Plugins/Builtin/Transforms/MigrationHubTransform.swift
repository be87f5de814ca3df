import MHPipeKit
import MHPipeMatching

/// Keeps the calls of AWS Migration Hub and its family, and says of each what it did to which migration.
///
/// Events keep their order. The family is told by `eventSource`; where a record has none, by an `eventName` that only
/// one service of the family has. `services: migration` adds those that move servers and databases, and AWS Transform, the
/// successor, so that an audit spans the move from one to the other. What stands in the request is taken as it is recorded; only `NotifyMigrationTaskState`
/// and `NotifyApplicationState` carry a status. With `keep_others`, nothing is dropped, and what is no such call goes on as it
/// is.
///
/// - Complexity: For an event of another service, one look at its `eventSource`.
struct MigrationHubTransform: ExplainingTransform, EarlyDropping, DescribedTransform, ReasoningTransform {
    static let name = "migration_hub"
    static let summary = "Keeps the calls of AWS Migration Hub and adds what each did: service, action, task, status."

    struct Options: PluginOptions {
        var services = MigrationHubServices.standard
        var actions: [String]?
        var writesOnly = false
        var keepsOthers = false
        var column: ColumnName = "migration"

        static let all: [Option<Options>] = [
            .optional(
                "services",
                \.services,
                """
                The services to keep: `all` is the whole family, `migration` is that with mgn, dms, drs and AWS Transform.
                """,
                example: "all"
            ),
            .optional(
                "actions",
                \.actions,
                "The actions to keep, exactly as AWS writes them; without it, every one.",
                example: "[NotifyMigrationTaskState, ImportMigrationTask]"
            ),
            .optional("writes_only", \.writesOnly, "Keeps only calls that are not known to read only."),
            .optional(
                "keep_others",
                \.keepsOthers,
                "Drops nothing: adds to the calls that it would keep, and passes all other events on as they are."
            ),
            .optional("as", \.column, "The top-level key under which it is added.", example: "hub"),
        ]
    }

    /// The keys, in the order in which they are written.
    fileprivate enum Member: Int, CaseIterable, CodingKey {
        case service, action, write, dryRun, stream, task, application, status, percent, statusDetail, resource
    }

    private let layout: ColumnLayout
    private let catalog: MigrationHubCatalog
    private let services: [MigrationHubService]
    private let actions: ByteStringSet?
    private let writesOnly: Bool
    private let keepsOthers: Bool
    private var request = MigrationRequest()
    private(set) var sighting = FieldSighting(FieldPath("eventSource"))

    init(_ options: Options, _ context: PluginContext) throws {
        if let actions = options.actions {
            guard !actions.isEmpty else { throw OptionError(option: "actions", "needs at least one action") }
        }
        layout = ColumnLayout(options.column.key, members: Member.allCases.map(\.stringValue))
        services = options.services.services
        catalog = MigrationHubCatalog(services)
        actions = options.actions.map { ByteStringSet($0.flatMap(MigrationHubCatalog.synonyms)) }
        writesOnly = options.writesOnly
        keepsOthers = options.keepsOthers
    }

    static func reads(_ options: Options) -> [FieldPath] {
        ["eventSource", "eventName", "readOnly", "requestParameters"].map { FieldPath($0) }
    }

    static func keptServices(_ options: Options) -> Set<String>? {
        guard !options.keepsOthers else { return nil }
        let actions = MigrationHubActions.all + MigrationHubActions.around
        return Set(
            actions.filter { options.services.services.contains($0.service) }.flatMap { $0.sources.map(\.description) }
        )
    }

    static func drops(_ options: Options) -> Bool { !options.keepsOthers }

    static func adds(_ options: Options) -> [EventField]? {
        let members = Member.allCases.map { member in
            EventField(member.stringValue, content(of: member, options))
        }
        return [EventField(options.column.key, .object(members))]
    }

    private static func content(of member: Member, _ options: Options) -> EventField.Content {
        switch member {
        case .service: .oneOf(options.services.services.map(\.rawValue))
        case .action: .usually(MigrationHubCatalog.actionNames)
        case .write, .dryRun: .boolean
        // As it was sent, be it right or not.
        case .status: .usually(["NOT_STARTED", "IN_PROGRESS", "FAILED", "COMPLETED"])
        case .percent: .number
        case .stream, .task, .application, .statusDetail, .resource: .value
        }
    }

    mutating func process(_ batch: EventBatch) {
        let before = sighting.isLooking ? batch.fork() : nil
        let cursor = JSONCursor(batch.window)
        let rows = batch.rows
        // Most batches have no event of the family, and need no column.
        var column: AddedColumn?
        batch.keepRows { row in
            let source = Self.source(cursor, rows.position(of: .eventSource, row: row))
            guard !source.isPresent || catalog.isSource(source) || source.isEscaped else { return keepsOthers }

            let added = column ?? batch.addColumn(layout)
            column = added
            let reader = TextReader(cursor: cursor, column: added)
            let action = reader.text(.eventName, rows, row)
            guard let service = catalog.service(source: added.normalized(source), action: action),
                services.contains(service), unsafe actions?.contains(action.bytes) ?? true
            else { return keepsOthers }
            let isWrite = CallEffect.isWrite(cursor, rows.position(of: .readOnly, row: row), action)
            guard !writesOnly || isWrite == true else { return keepsOthers }

            added.set(literal: service.literal, row, .service)
            added.set(action, row, .action)
            added.set(isWrite, row, .write)
            fill(added, row, action, rows.position(of: .requestParameters, row: row), reader)
            return true
        }
        if batch.count > 0 { sighting.stop() } else if let before { sighting.look(at: before) }
    }

    /// While it looks at what it drops, it has to see all of it.
    var dropTests: [FieldTest]? {
        guard !keepsOthers, !sighting.isLooking else { return nil }
        let (catalog, actions) = (catalog, actions)
        let source = FieldTest(.eventSource) { value in
            unsafe value.text.map { unsafe !catalog.isSource(JSONSlice(kind: .string, bytes: $0)) } ?? false
        }
        guard let actions else { return [source] }
        return [source, FieldTest(.eventName) { unsafe $0.text.map { unsafe !actions.contains($0) } ?? false }]
    }

    mutating func noteDropped() {}

    func reason(_ sighting: FieldSighting, _ further: [FieldSighting]) -> String {
        let options = actions == nil && !writesOnly ? "'services' has" : "'services', 'actions' and 'writes_only' keep"
        let some = sighting.someTexts.map { "; 'eventSource' is \($0)" } ?? ""
        return "none is a call that \(options)" + some
    }

    func dropReasons(_ event: Event) -> [Reason] {
        let (source, action) = (event[Self.source], event[Self.action])
        let readings = [
            Reason.Reading(field: "eventSource", json: source?.json),
            Reason.Reading(field: "eventName", json: action?.json),
        ]
        let name = action?.string ?? ""
        let bytes = Array((source?.string ?? "").utf8)
        let service = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe Array(name.utf8).withUnsafeBufferPointer { action in
                unsafe catalog.service(
                    source: source.isEmpty ? .missing : JSONSlice(kind: .string, bytes: source),
                    action: JSONSlice(kind: .string, bytes: action)
                )
            }
        }
        guard let service, services.contains(service) else {
            return [Reason("it is no call of a service that 'services' has", readings)]
        }
        let isListed = unsafe Array(name.utf8).withUnsafeBufferPointer { unsafe actions?.contains($0) ?? true }
        guard isListed else { return [Reason("'actions' does not have its action", readings)] }
        return [Reason("'writes_only' leaves out what reads only", readings)]
    }

    private static let (source, action) = (FieldPath("eventSource"), FieldPath("eventName"))

    private static func source(_ cursor: JSONCursor, _ position: Int) -> JSONSlice {
        guard position > 0, cursor.byte(at: position) == UInt8(ascii: "\"") else { return .missing }
        let bytes = unsafe cursor.stringBytes(position)
        return unsafe bytes.isEmpty ? .missing : JSONSlice(kind: .string, bytes: bytes)
    }

    private mutating func fill(
        _ column: AddedColumn,
        _ row: Int,
        _ action: JSONSlice,
        _ parameters: Int,
        _ reader: TextReader
    ) {
        request.read(parameters, reader)
        column.set(request.flag("dryRun", reader), row, .dryRun)
        let stream = request.text("progressUpdateStream", reader)
        column.set(stream.or(request.text("progressUpdateStreamName", reader)), row, .stream)
        column.set(request.text("migrationTaskName", reader), row, .task)
        column.set(request.text("applicationId", reader), row, .application)
        if action.equals("NotifyMigrationTaskState") {
            column.set(request.text("status", of: "task", reader), row, .status)
            let percent = request.member("progressPercent", of: "task", reader)
            if percent.kind == .number { column.set(percent, row, .percent) }
            column.set(request.text("statusDetail", of: "task", reader), row, .statusDetail)
        } else if action.equals("NotifyApplicationState") {
            column.set(request.text("status", reader), row, .status)
        }
        column.set(request.resource(reader), row, .resource)
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        let actions = (options.actions ?? []).compactMap { action in
            noMatch(action, options.services.services).map { OptionWarning(option: "actions", $0, at: action) }
        }
        return actions + options.column.warnings(unless: Options().column)
    }

    /// Why no event can have a listed action, when that is so.
    private static func noMatch(_ action: String, _ services: [MigrationHubService]) -> String? {
        guard let owners = MigrationHubCatalog.services[action] else {
            // Of these not every action is known.
            if services.contains(where: MigrationHubService.around.contains) { return nil }
            let label = Suggestion.label(for: action, among: MigrationHubCatalog.services.keys.sorted())
            let advice = label.map { "; \($0)" } ?? ""
            return "'actions' has '\(action)', which is no known action of the Migration Hub family\(advice)"
        }
        guard !owners.contains(where: services.contains) else { return nil }
        let names = owners.map { "'\($0.rawValue)'" }.joined(separator: " and ")
        return "'actions' has '\(action)', an action of \(names), which 'services' leaves out"
    }
}

extension AddedColumn {
    fileprivate func set(literal: StaticString, _ row: Int, _ member: MigrationHubTransform.Member) {
        set(literal: literal, row: row, member: member.rawValue)
    }

    /// Leaves the member out when there is no value.
    fileprivate func set(_ flag: Bool?, _ row: Int, _ member: MigrationHubTransform.Member) {
        if let flag { set(bool: flag, row: row, member: member.rawValue) }
    }

    /// Leaves the member out when the slice is missing.
    fileprivate func set(_ slice: JSONSlice, _ row: Int, _ member: MigrationHubTransform.Member) {
        if slice.isPresent { set(slice, row: row, member: member.rawValue) }
    }
}

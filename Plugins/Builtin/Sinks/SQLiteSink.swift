import MHPipeIO
import MHPipeKit

/// Writes a SQLite database with one table of events, the indexes that were asked for, and views over it.
///
/// The database is made anew by every run, beside its name, and takes the name when the run commits. It replaces a
/// database that mhpipe made, and nothing else unless `replace: true` says so. With `mode: append`, the first run makes it so,
/// and later ones add their rows in one transaction. Rows are in the order of the input. Booleans are 1 and 0, whole numbers integers, others reals; objects and arrays are JSON text;
/// a missing field and null are NULL.
struct SQLiteSink: ResumableSink, FormatSink {
    static let name = "sqlite"
    static let summary = "Writes events as the rows of a table in a SQLite database."

    static let format = FileFormat.sqlite

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var table = "events"
        var columns = ColumnChoice.usual
        var indexes: [FieldPath] = []
        var replace = false

        static let all: [Option<Options>] = [
            .required("path", \.path, "The database file; made anew by every run.", example: "audit.db"),
            .optional("table", \.table, "The name of the table.", example: "trail"),
            .optional(
                "columns",
                \.columns,
                "The fields to write, in this order; `default` stands for the default ones.",
                example: "[default, identity.origin]"
            ),
            .optional(
                "indexes",
                \.indexes,
                "The columns to index, by their fields; done when all rows are there, and the dearer the more there are.",
                example: "[eventTime, eventName]"
            ),
            .optional(
                "replace",
                \.replace,
                "Replaces whatever file is there; otherwise only a database that mhpipe made."
            ),
        ]
    }

    let name: String
    private let replacesAnything: Bool
    let columns: [OutputColumn]
    private let schema: SQLiteSchema

    private let empty: EmptyColumns
    private let context: PluginContext

    private var place: OutputPlace?
    private var file: SQLiteFile?
    private var database: SQLiteDatabase?
    private var loader: SQLiteRowLoader?
    private var sidecars: SQLiteSidecars?
    /// What is in the database that is appended to; nil for one that is made anew.
    private var base: SQLiteMark.Base?
    /// What it says of runs and units, in a database that grows from run to run.
    private var runs: SQLiteRuns?
    /// Until when the trail was read, where a view asks for it.
    private var readEnd: SQLiteReadEnd?
    /// True when an earlier run may have appended its rows.
    private var isBegun = false
    /// Where an earlier run has ended that has appended them.
    private var settled: SQLiteMark?

    /// SQLite's default limit of columns in a table (sqlite.org/limits.html).
    private static let maximumColumns = 2000

    init(_ options: Options, _ context: PluginContext) throws {
        name = options.path.path
        replacesAnything = options.replace
        if name == "-" {
            throw OptionError(option: "path", "needs a file, since a database cannot be sent to standard output")
        }
        if name == ":memory:" {
            throw OptionError(
                option: "path",
                "needs a file, since a database in memory would be gone at the end of the run",
                label: "'./:memory:' is a file of that name"
            )
        }
        if options.table.isEmpty || options.table.contains("\0") || options.table.lowercased().hasPrefix("sqlite_") {
            throw OptionError(option: "table", "needs a name that is not empty and does not begin with sqlite_")
        }
        if options.columns.count > Self.maximumColumns {
            throw OptionError(option: "columns", "names more than \(Self.maximumColumns) columns, which SQLite allows")
        }
        // SQLite compares names without regard to the case of ASCII letters.
        columns = try [OutputColumn](options.columns, context) { name in
            String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        }
        empty = EmptyColumns(columns, chosenBy: options.columns)
        self.context = context
        if let column = columns.first(where: { $0.name.contains("\0") }) {
            throw OptionError(option: "columns", "names '\(column.path.text)', whose NUL no column name can hold")
        }
        schema = SQLiteSchema(
            table: options.table,
            columns: columns,
            indexes: try Self.indexes(options, columns, context),
            addedKeys: context.addedKeys,
            services: context.keptServices
        )
        readEnd = !context.isCheck && schema.hasReadEnd ? SQLiteReadEnd(limit: context.readLimit) : nil
        if context.isCheck, let place = try? OutputPlace(resolving: name), let obstacle = try obstacle(at: place) {
            throw OptionError(option: "path", "names '\(name)', which is \(obstacle)", label: Self.advice)
        }
    }

    private static let advice =
        "choose another name, or remove the file; `replace: true` in a pipeline replaces whatever is there"

    /// What stands at the place and must stay.
    private func obstacle(at place: OutputPlace) throws(StageError) -> String? {
        replacesAnything || place.kind != .regular
            ? nil : try SQLiteReplacement.obstacle(at: place.path, mayGrow: context.isCheck)
    }

    private func checkReplacement(of place: OutputPlace) throws(StageError) {
        guard let obstacle = try obstacle(at: place) else { return }
        throw StageError("cannot replace '\(name)': it is \(obstacle)", advice: Self.advice)
    }

    private static func indexes(
        _ options: Options,
        _ columns: [OutputColumn],
        _ context: PluginContext
    ) throws(OptionError) -> [String] {
        let hasDefaults = options.columns == ColumnChoice.usual || options.columns.contains(.defaults)
        let areKnown = context.addedFields != nil || !hasDefaults
        for (number, path) in options.indexes.enumerated() {
            if areKnown, !columns.contains(where: { $0.path == path }) {
                throw OptionError(
                    option: "indexes",
                    "names '\(path.text)', which is not one of the columns",
                    label: path.known == nil
                        ? Suggestion.label(for: path.text, among: columns.map(\.path.text)) : "add it to 'columns'",
                    at: path.text
                )
            }
            if options.indexes[..<number].contains(path) {
                throw OptionError(option: "indexes", "names '\(path.text)' twice", at: path.text)
            }
        }
        return options.indexes.map(\.columnName)
    }

    func makeEncoder() -> SQLiteRowEncoder {
        SQLiteRowEncoder(columns, mostBytes: SQLiteDatabase.mostBytes, empty: empty)
    }

    var replacesUnits: Bool { true }

    mutating func open() throws { try open(.fresh) }

    mutating func open(_ start: SinkStart) throws {
        let place = try StageError.wrapping { () throws(OutputFailure) in try OutputPlace(resolving: name) }
        guard place.kind == .regular else {
            throw StageError("cannot write '\(name)': a database needs a regular file")
        }
        var mark: SQLiteMark?
        var keepsUnits = false
        switch start {
        case .fresh: break
        case .resume(let checkpoint): mark = try SQLiteMark(checkpoint)
        case .append(let checkpoint):
            keepsUnits = true
            let last = try checkpoint.map { try SQLiteMark($0) }
            guard last != nil || (try? FileStatus(place.path))?.size ?? 0 > 0 else { break }
            base = try appending(to: place).base(last)
        }
        if let mark { base = mark.base }
        // The run may have ended between the commits of its outputs.
        let mayBeInPlace =
            mark?.isWhole == true && context.stateKey.map { !KeptFile.path(of: place, $0).exists } == true
        if let mark, base != nil, mayBeInPlace {
            _ = try appending(to: place).base(mark)
            settled = mark
            return
        }
        // What is in its place is the run's own then, which its file sees to.
        if base == nil, !mayBeInPlace { try settle(place) }
        let file = try StageError.wrapping { () throws(OutputFailure) in
            try SQLiteFile(place, key: context.stateKey, mark?.part)
        }
        (self.place, self.file) = (place, file)
        if case .whole? = mark?.part {
            isBegun = true
            return
        }
        let database = try run("opening the database") { () throws(SQLiteDatabase.Failure) in
            try SQLiteDatabase(path: file.temporaryPath)
        }
        self.database = database
        if case .rows(let rows, let units)? = mark?.part { return try goOn(database, behind: rows, units: units) }
        try run("creating the table") { () throws(SQLiteDatabase.Failure) in
            // Nothing has to survive a crash before the rename; large pages hold whole records. Rows only go behind the
            // last one, so the load needs few pages at a time, and those stay in the processor's cache.
            try database.execute(
                "PRAGMA page_size=16384; \(file.pragmas); PRAGMA cache_size=-1024; PRAGMA encoding='UTF-8'"
            )
            loader = try loader(database, behind: 0)
            try database.execute(
                """
                BEGIN;
                PRAGMA application_id=\(SQLiteReplacement.applicationID);
                PRAGMA user_version=\(SQLiteReplacement.schemaVersion)
                """
            )
            try database.execute(schema.createTable)
            if readEnd != nil { try database.execute(SQLiteReadEnd.create) }
            guard keepsUnits else { return }
            try database.execute(SQLiteRuns.create())
            runs = try SQLiteRuns(database, run: (base?.runs ?? 0) + 1, units: 0, rows: 0)
        }
    }

    private func loader(
        _ database: SQLiteDatabase,
        behind lastRow: Int
    ) throws(SQLiteDatabase.Failure) -> SQLiteRowLoader {
        try SQLiteRowLoader(
            database,
            createTable: schema.createTable,
            copy: schema.copyRows(from: SQLiteRowLoader.source),
            convert: schema.convertRows(from: SQLiteRowLoader.source),
            behind: lastRow,
            waitsForCommits: file?.isKept == true
        )
    }

    private func appending(to place: OutputPlace) -> SQLiteAppending {
        SQLiteAppending(name: name, path: place.path, schema: schema)
    }

    /// Makes sure that what has the name can be replaced.
    private mutating func settle(_ place: OutputPlace) throws {
        try checkReplacement(of: place)
        let sidecars = SQLiteSidecars(name: name, path: place.path)
        try sidecars.settle()
        // What the journal held may say more of it.
        try checkReplacement(of: place)
        self.sidecars = sidecars
    }

    /// Takes away what stands behind the rows and units that count, and goes on.
    private mutating func goOn(_ database: SQLiteDatabase, behind rows: Int, units: Int) throws {
        let last = try run("going on with the database") { () throws(SQLiteDatabase.Failure) in
            try database.execute("\(file?.pragmas ?? ""); PRAGMA cache_size=-1024")
            // An index or a view stands there when the earlier run was at its end.
            for row in try database.rows(
                "SELECT type, name FROM sqlite_schema WHERE type IN ('index', 'view') AND sql <> ''"
            ) {
                try database.execute("DROP \(row[0]) \(SQLiteSchema.quoted(row[1]))")
            }
            loader = try loader(database, behind: rows)
            try database.execute("BEGIN; \(schema.deleteRows(behind: rows))")
            if readEnd != nil { try database.execute(SQLiteReadEnd.create) }
            if try SQLiteRuns.areIn(database) {
                try database.execute("DELETE FROM mhpipe_runs; \(SQLiteRuns.deleteUnits(behind: units))")
                runs = try SQLiteRuns(database, run: (base?.runs ?? 0) + 1, units: units, rows: rows)
            }
            return try database.rows(schema.lastRow).first?.first ?? ""
        }
        if (Int(last) ?? 0) != rows {
            throw StageError(
                "cannot go on with '\(name)': the earlier run left \(rows) rows, but the last is number \(last)",
                advice: "put the hidden database back, or begin anew with --restart"
            )
        }
    }

    mutating func finishUnit(_ outcome: UnitOutcome) throws {
        guard outcome.ending == .read || outcome.ending == .damaged else { return }
        readEnd?.add(outcome)
        guard runs != nil, let row = loader?.lastRow else { return }
        try run("taking note of a file") { () throws(SQLiteDatabase.Failure) in try runs?.add(outcome, to: row) }
    }

    mutating func checkpoint() throws -> Checkpoint {
        if let settled { return settled.checkpoint }
        guard let file else { throw StageError("'\(name)' is not open") }
        guard let database else {
            let part = try StageError.wrapping { () throws(OutputFailure) in try file.whole() }
            return SQLiteMark(base: base, part: part).checkpoint
        }
        let rows = try run("committing rows") { () throws(SQLiteDatabase.Failure) in
            try loader?.flush()
            try database.execute("\(readEnd?.update() ?? ""); COMMIT; BEGIN")
            return try database.rows(schema.lastRow).first?.first ?? ""
        }
        try StageError.wrapping { () throws(OutputFailure) in try file.syncEntry() }
        return SQLiteMark(base: base, part: .rows(Int(rows) ?? 0, units: runs?.units ?? 0)).checkpoint
    }

    mutating func suspend() {
        close()
        file?.suspend()
        file = nil
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        do {
            try unsafe loader?.load(bytes)
        } catch {
            throw error.stageError(name, "inserting rows")
        }
    }

    mutating func finish() throws {
        guard let database, let file else { return }
        try run("inserting rows") { () throws(SQLiteDatabase.Failure) in
            try loader?.flush()
            if let runs {
                let rows = Int(try database.rows(schema.lastRow).first?.first ?? "") ?? 0
                try database.execute(SQLiteRuns.insertRun(runs.run, units: runs.units, rows: rows))
            }
            // What is sorted for an index has as much room as the cache, before it goes to temporary files. All that is left
            // to do is one transaction, since each is some writes to the disk that are waited for.
            try database.execute("\(readEnd?.update() ?? ""); PRAGMA cache_size=-16384")
        }
        // A database that is appended to has indexes and views already.
        for (column, sql) in base == nil ? schema.createIndexes : [] {
            try run("indexing \(column)") { () throws(SQLiteDatabase.Failure) in try database.execute(sql) }
        }
        for (view, sql) in base == nil ? schema.createViews : [] {
            try run("creating the view \(view)") { () throws(SQLiteDatabase.Failure) in try database.execute(sql) }
        }
        try run("committing rows") { () throws(SQLiteDatabase.Failure) in try database.execute("COMMIT") }
        close()
        try StageError.wrapping { () throws(OutputFailure) in try file.finish() }
        // The run may have taken hours, and somebody may have put something there meanwhile.
        if base == nil, let place { try checkReplacement(of: place) }
        try sidecars?.settle()
        empty.warnings().forEach(context.warn)
    }

    mutating func commit() throws {
        if let base, let place, let file {
            file.removeJournal()
            try appending(to: place).append(file.temporaryPath, to: base, isBegun: isBegun)
            file.abort()
            // As for a file that grows.
            _ = AtomicFile.sync(place.path.directory)
        } else {
            sidecars?.remove()
            try StageError.wrapping { () throws(OutputFailure) in try file?.commit() }
        }
        file = nil
    }

    mutating func abort() {
        close()
        file?.abort()
        file = nil
    }

    private mutating func close() {
        database?.close()
        (database, loader, runs) = (nil, nil, nil)
    }

    private func run<Result>(
        _ action: String,
        _ body: () throws(SQLiteDatabase.Failure) -> Result
    ) throws(StageError) -> Result {
        try SQLiteDatabase.writing(name, action, body)
    }
}

import MHPipeIO
import MHPipeKit

/// The run that a manifest tells of, and the files of a report held against those that it lists.
///
/// Both lists are in the report's database, however many files there are.
struct ManifestedRun {
    let name: String
    /// The hash of the manifest itself, by which a page and a manifest are known to belong together.
    let sha256: String
    let run: ManifestLine
    let end: ManifestLine

    private let database: SQLiteDatabase
    private let insert: SQLiteDatabase.Insert
    private let folder: [UInt8]
    /// What kept a file from being noted.
    private var failure: SQLiteDatabase.Failure?

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - path: The manifest.
    ///   - database: The report's.
    /// - Throws: `StageError` when it cannot be read, or is no whole manifest.
    init(_ path: InputPath, in database: SQLiteDatabase) throws {
        let file = FilePath(path.path)
        name = file.text
        self.database = database
        folder = FilePath(".").resolved?.bytes ?? []
        do {
            let before = try FileStatus(file)
            let digest = try FileDigest(file)
            let text = try ManifestText(path.path)
            (run, end, sha256) = (text.run, text.end, Hexadecimal.text(digest.sha256))
            try database.execute(
                """
                CREATE TABLE report_listed(role TEXT, place TEXT, sha256 TEXT, bytes TEXT, start TEXT, stage TEXT);
                CREATE TABLE report_read(place TEXT, sha256 TEXT, bytes TEXT)
                """
            )
            let add = try database.prepareInsert("INSERT INTO report_listed VALUES (?, ?, ?, ?, ?, ?)")
            let directory = Array((text.run.directory ?? "").utf8)
            try text.forEachFile { line in
                let place = Self.place(line.file.bytes, in: directory)
                try database.step(
                    add,
                    [
                        Array(line.type.utf8), line.type == "output" ? Self.resolved(place) : place,
                        Array((line.sha256 ?? "").utf8), Array("\(line.bytes ?? 0)".utf8),
                        Array((line.offset.map { "\($0)" } ?? "").utf8), Array((line.stage ?? "").utf8),
                    ]
                )
            }
            let after = try FileStatus(file)
            guard before.identity == after.identity, before.size == after.size, before.modified == after.modified else {
                throw StageError("cannot tell of the run of '\(name)': it changed while it was read")
            }
            insert = try database.prepareInsert("INSERT INTO report_read VALUES (?, ?, ?)")
        } catch let failure as InputFailure {
            throw StageError(failure.description, advice: failure.advice)
        } catch let damage as ManifestText.Damage {
            throw StageError(
                "cannot tell of the run of '\(name)': \(damage.reason)",
                advice: "a file that 'mhpipe run --manifest FILE' has written is expected"
            )
        } catch let failure as SQLiteDatabase.Failure {
            throw failure.stageError("the temporary database", "reading '\(name)'")
        }
    }

    /// Takes note of a file that the report's run has read.
    mutating func add(_ outcome: UnitOutcome) {
        guard outcome.ending != .unreadable else { return }
        let hash = outcome.content?.sha256.map { Hexadecimal.text($0) } ?? ""
        do throws(SQLiteDatabase.Failure) {
            let place = Self.place(outcome.id.name, in: folder)
            try database.step(insert, [place, Array(hash.utf8), Array("\(outcome.content?.bytes ?? 0)".utf8)])
        } catch {
            failure = failure ?? error
        }
    }

    /// Takes note of the database that the report is made of.
    ///
    /// - Throws: `StageError` when it cannot be read.
    func add(database path: FilePath) throws {
        do {
            let digest = try FileDigest(path)
            let hash = Hexadecimal.text(digest.sha256)
            let place = Self.resolved(Self.place(path.bytes, in: folder))
            try database.step(insert, [place, Array(hash.utf8), Array("\(digest.bytes)".utf8)])
        } catch let failure as InputFailure {
            throw StageError(failure.description, advice: failure.advice)
        } catch let failure as SQLiteDatabase.Failure {
            throw failure.stageError("the temporary database", "noting '\(path.text)'")
        }
    }

    /// Holds both lists against each other, under the name `report_held`.
    ///
    /// What has the same bytes is the same, whatever its name is now.
    ///
    /// - Throws: What SQLite says.
    func compare() throws(SQLiteDatabase.Failure) {
        if let failure { throw failure }
        let same = "SELECT 1 FROM report_listed AS l WHERE l.sha256 = r.sha256 AND l.bytes = r.bytes AND l.role"
        let named = "SELECT 1 FROM report_listed AS l WHERE l.place = r.place"
        try database.execute(
            """
            CREATE INDEX report_listed_hash ON report_listed(sha256);
            CREATE INDEX report_listed_place ON report_listed(place);
            CREATE TABLE report_held AS SELECT r.place, r.sha256, CASE \
            WHEN r.sha256 = '' THEN '\(Comparison.untold.rawValue)' \
            WHEN EXISTS (\(same) = 'output') THEN '\(Comparison.output.rawValue)' \
            WHEN EXISTS (\(same) = 'input') THEN '\(Comparison.input.rawValue)' \
            WHEN EXISTS (\(named) AND l.start <> '') THEN '\(Comparison.grown.rawValue)' \
            WHEN EXISTS (\(named)) THEN '\(Comparison.changed.rawValue)' \
            ELSE '\(Comparison.unlisted.rawValue)' END AS word FROM report_read AS r ORDER BY r.rowid;
            CREATE INDEX report_read_hash ON report_read(sha256);
            INSERT INTO report_held SELECT l.place, l.sha256, '\(Comparison.unread.rawValue)' FROM report_listed AS l \
            WHERE l.role = 'input' AND l.sha256 <> '' AND EXISTS (SELECT 1 FROM report_held WHERE word = \
            '\(Comparison.input.rawValue)') AND NOT EXISTS (SELECT 1 FROM report_read AS r WHERE r.sha256 = l.sha256) \
            ORDER BY l.rowid
            """
        )
    }

    /// True when all that was read is what the run has written by sinks whose events had a key from the run's sources, and from
    /// nobody else; asked behind `compare`.
    ///
    /// - Throws: What SQLite says.
    func stamps(_ key: String) throws(SQLiteDatabase.Failure) -> Bool {
        let stages = run.sinks.filter { $0.stamped.contains(key) }.map { "'\($0.name.replacing("'", with: "''"))'" }
        let isStamped = """
            r.sha256 <> '' AND EXISTS (SELECT 1 FROM report_listed AS l WHERE l.sha256 = r.sha256 AND l.bytes = r.bytes \
            AND l.role = 'output' AND l.stage IN (\(stages.joined(separator: ", "))))
            """
        let counts = try database.rows("SELECT count(*), total(\(isStamped)) > count(*) - 1 FROM report_read AS r")
            .first
        return counts?.first != "0" && counts?.last == "1"
    }

    /// How a file compares with the manifest.
    enum Comparison: String, CaseIterable {
        case changed, unlisted, grown, untold, unread, output, input

        /// True for a file with the bytes that the manifest tells of.
        var isSame: Bool { self == .output || self == .input }
    }

    /// A path from the root on; an address of a bucket as it is.
    private static func place(_ name: [UInt8], in folder: [UInt8]) -> [UInt8] {
        if name.first == UInt8(ascii: "/") || name.contains(Array("://".utf8)) { return name }
        let plain = name.starts(with: Array("./".utf8)) ? name.dropFirst(2) : name[...]
        return FilePath(bytes: folder).appending(Array(plain)).bytes
    }

    private static func resolved(_ place: [UInt8]) -> [UInt8] { FilePath(bytes: place).resolved?.bytes ?? place }
}

extension ManifestText.Damage {
    /// What is wrong with it.
    fileprivate var reason: String {
        switch self {
        case .other(let reason), .damaged(let reason): reason
        }
    }
}

import MHPipeIO
import MHPipeKit

/// Puts together databases that were made of parts of the input: the rows of each behind those of the one before, with the
/// indexes and views that they have.
///
/// What comes out is what one run over the input of all would have made, as long as no transform has looked beyond a part.
/// Used on one thread.
struct SQLiteMerge {
    private let parts: [SQLitePart]
    private let first: SQLitePart

    /// Looks at the parts.
    ///
    /// - Throws: `StageError` when they do not fit together.
    init(_ given: [MergedPart]) throws {
        var parts: [SQLitePart] = []
        var known: [FileIdentity: FilePath] = [:]
        for given in given {
            let part = try SQLitePart(given)
            if let first = parts.first, let difference = part.difference(from: first) {
                throw SQLitePart.refusal(
                    part.path,
                    difference,
                    advice: "the parts are what one pipeline has made of parts of the input"
                )
            }
            if let identity = (try? FileStatus(part.path))?.identity,
                let other = known.updateValue(part.path, forKey: identity)
            {
                throw SQLitePart.refusal(
                    part.path,
                    "it is the same file as '\(other.text)', and its events would be there twice"
                )
            }
            parts.append(part)
        }
        guard let first = parts.first else { throw StageError("there is nothing to merge") }
        try SQLiteOverlap(parts).refuse()
        (self.parts, self.first) = (parts, first)
    }

    /// Writes the whole.
    ///
    /// - Parameters:
    ///   - output: The database's name as the user gave it.
    ///   - replaces: True to replace a database that mhpipe has made.
    /// - Returns: The rows that are in it.
    /// - Throws: `StageError`; what has the name is as it was then.
    func write(to output: String, replaces: Bool) throws -> Int {
        let place = try StageError.wrapping { () throws(OutputFailure) in try OutputPlace(resolving: output) }
        guard place.kind == .regular else {
            throw StageError("cannot write '\(output)': a database needs a regular file")
        }
        try check(place, output, replaces)
        let sidecars = SQLiteSidecars(name: output, path: place.path)
        try sidecars.settle()
        let file = try StageError.wrapping { () throws(OutputFailure) in try AtomicFile(place) }
        let rows = try fill(file.temporaryPath, output)
        try StageError.wrapping { () throws(OutputFailure) in try file.finish() }
        try check(place, output, replaces)
        try sidecars.settle()
        sidecars.remove()
        try StageError.wrapping { () throws(OutputFailure) in try file.commit() }
        return rows
    }

    /// Looks whether what stands at the place may be replaced.
    private func check(_ place: OutputPlace, _ output: String, _ replaces: Bool) throws(StageError) {
        if place.isThere, !replaces { throw StageError("cannot write '\(output)': it is there already") }
        guard let obstacle = try SQLiteReplacement.obstacle(at: place.path) else { return }
        throw StageError(
            "cannot replace '\(output)': it is \(obstacle)",
            advice: "choose another name, or move it away"
        )
    }

    private func fill(_ path: FilePath, _ output: String) throws(StageError) -> Int {
        let database = try SQLiteDatabase.writing(output, "opening the database") { () throws(SQLiteDatabase.Failure) in
            try SQLiteDatabase(path: path)
        }
        defer { database.close() }
        try SQLiteDatabase.writing(output, "creating the table") { () throws(SQLiteDatabase.Failure) in
            // Nothing has to survive a crash before the rename, and rows only go behind the last one.
            try database.execute(
                """
                PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; \
                PRAGMA cache_size=-1024; PRAGMA encoding='UTF-8'; PRAGMA application_id=\(SQLiteReplacement.applicationID); \
                PRAGMA user_version=\(SQLiteReplacement.schemaVersion)
                """
            )
            for object in first.objects where object.type == "table" { try database.execute(object.sql) }
        }
        for part in parts { try copy(part, into: database, output) }
        try SQLiteDatabase.writing(output, "creating the indexes and views") { () throws(SQLiteDatabase.Failure) in
            try database.execute("PRAGMA cache_size=-16384; BEGIN")
            for object in first.objects where object.type != "table" { try database.execute(object.sql) }
            try database.execute("COMMIT")
        }
        return try SQLiteDatabase.writing(output, "counting its rows") { () throws(SQLiteDatabase.Failure) in
            try rows(in: "main", of: database)
        }
    }

    private func rows(in schema: String, of database: SQLiteDatabase) throws(SQLiteDatabase.Failure) -> Int {
        let last = try database.rows("SELECT max(rowid) FROM \(schema).\(SQLiteSchema.quoted(first.table))")
        return Int(last.first?.first ?? "") ?? 0
    }

    /// Puts the rows of a part behind those that are there.
    private func copy(_ part: SQLitePart, into database: SQLiteDatabase, _ output: String) throws(StageError) {
        let table = SQLiteSchema.quoted(first.table)
        do throws(SQLiteDatabase.Failure) {
            try database.attach(reading: part.path)
            let behind = try rows(in: "main", of: database)
            let names = try database.rows("PRAGMA main.table_info(\(table))").map { SQLiteSchema.quoted($0[1]) }
                .joined(separator: ", ")
            try database.execute(
                """
                BEGIN; INSERT INTO main.\(table) (rowid, \(names)) \
                SELECT rowid + \(behind), \(names) FROM source.\(table) ORDER BY rowid; \
                \(first.objects.contains { $0.name == SQLiteReadEnd.table } ? SQLiteReadEnd.takeOver(from: "source") : "");
                COMMIT
                """
            )
            let count = try database.rows("SELECT count(*) FROM source.\(table)").first?.first ?? ""
            guard try rows(in: "main", of: database) == behind + (Int(count) ?? -1) else {
                throw SQLiteDatabase.Failure(code: 0, message: "its rows are not numbered as mhpipe numbers them")
            }
            try database.execute("DETACH source")
        } catch {
            // The reason may lie on either side.
            throw error.isFull ? error.stageError(output, "inserting rows") : SQLitePart.unreadable(part.path, error)
        }
    }
}

extension SQLiteSink: MergingSink {
    static func merge(_ parts: [MergedPart], into output: String, replaces: Bool) throws -> Int {
        try SQLiteMerge(parts).write(to: output, replaces: replaces)
    }
}

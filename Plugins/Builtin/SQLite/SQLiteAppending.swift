import MHPipeKit

/// Appends what a run has written to a hidden database to the one that has its name, in one transaction.
///
/// The transaction holds the events, their units and the run's number, so that one that was cut short is either done or
/// not begun, and is not done twice. Rows of a unit that was read again take the place of its earlier ones. What it costs
/// goes by what the run has written.
struct SQLiteAppending {
    /// The database's name as the user gave it, and its path.
    let name: String
    let path: FilePath
    let schema: SQLiteSchema

    /// Looks at the database that will be appended to.
    ///
    /// - Parameter mark: Where the last run has left it; nil to take it as it is.
    /// - Returns: What is in it.
    /// - Throws: `StageError` when it is not a database of this pipeline, or was changed.
    func base(_ mark: SQLiteMark?) throws -> SQLiteMark.Base {
        do throws(InputFailure) {
            _ = try FileStatus(path)
        } catch {
            // What the machine cannot look at may be there.
            throw error.isMachineFault
                ? StageError("cannot write '\(name)': \(error.reason)", advice: error.advice) : changed("it is gone")
        }
        return try withDatabase { database throws(SQLiteDatabase.Failure) in
            if let mistake = try mistake(in: database) { return .failure(mistake) }
            let found = SQLiteMark.Base(
                runs: try SQLiteRuns.last(in: database)?.runs ?? 0,
                rows: try rows(in: database)
            )
            let last = try SQLiteRuns.last(in: database)
            if let last, last.rows != found.rows {
                return .failure(
                    changed("its last row is number \(found.rows), and was \(last.rows) behind the last run")
                )
            }
            guard let mark else { return .success(found) }
            let runs = (mark.base?.runs ?? 0) + 1
            guard found.runs == runs || last == nil && mark.base == nil else {
                return .failure(changed("it holds \(found.runs) runs, and the last one was number \(runs)"))
            }
            if case .rows(let rows, _) = mark.part, found.rows != rows + (mark.base?.rows ?? 0) {
                return .failure(changed("its last row is number \(found.rows)"))
            }
            return .success(found)
        }
    }

    /// Appends the events and units of a hidden database.
    ///
    /// - Throws: `StageError`; the database is as it was then.
    func append(_ part: FilePath, to base: SQLiteMark.Base, isBegun: Bool) throws {
        try withDatabase { database throws(SQLiteDatabase.Failure) in
            let attach = try database.prepareInsert("ATTACH ? AS part")
            try database.step(attach, [part.bytes])
            // A journal that a power cut brings back would undo what the state says is there; EXTRA syncs its removal.
            try database.execute("PRAGMA main.synchronous=EXTRA; PRAGMA main.cache_size=-16384; BEGIN")
            // BEGIN IMMEDIATE would lock both databases for writing, and make a journal that spans them.
            try database.execute("\(SQLiteRuns.create()); DELETE FROM main.mhpipe_runs WHERE run < 0")
            let now = SQLiteMark.Base(
                runs: try SQLiteRuns.last(in: database)?.runs ?? 0,
                rows: try rows(in: database)
            )
            // A run that was cut short behind the transaction has nothing left to do.
            if isBegun, now.runs == base.runs + 1 { return .success(()) }
            if let mistake = try mistake(in: database) { return .failure(mistake) }
            guard now == base else {
                return .failure(
                    changed("its last row was number \(base.rows) when this run began, and is \(now.rows)")
                )
            }
            if let refusal = try copy(database, base) { return .failure(refusal) }
            try database.execute("COMMIT")
            return .success(())
        }
    }

    private func copy(_ database: SQLiteDatabase, _ base: SQLiteMark.Base) throws(SQLiteDatabase.Failure) -> StageError?
    {
        let earlier = try database.rows(
            """
            SELECT old.name, old."first", old."last" FROM part.mhpipe_units AS new JOIN main.mhpipe_units AS old \
            ON old.source = new.source AND old.name = new.name
            """
        )
        for unit in earlier {
            guard let first = Int(unit[1]), let last = Int(unit[2]) else {
                return StageError(
                    "cannot read '\(unit[0])' again: it was read twice in one run, so its rows in '\(name)' cannot be told",
                    advice: "leave out `changed: reread`"
                )
            }
            try database.execute(schema.deleteRows(first, last))
        }
        try database.execute(schema.copyRows(behind: base.rows))
        if schema.hasReadEnd { try database.execute(SQLiteReadEnd.takeOver()) }
        try database.execute(
            """
            INSERT OR REPLACE INTO main.mhpipe_units SELECT source, name, version, run, number, \
            CASE WHEN "first" <= "last" THEN "first" + \(base.rows) ELSE "first" END, \
            CASE WHEN "first" <= "last" THEN "last" + \(base.rows) ELSE "last" END FROM part.mhpipe_units
            """
        )
        let units = Int(try database.rows("SELECT count(*) FROM part.mhpipe_units").first?.first ?? "") ?? 0
        try database.execute(SQLiteRuns.insertRun(base.runs + 1, units: units, rows: try rows(in: database)))
        for (_, sql) in schema.createIndexes { try database.execute(sql) }
        for (view, sql) in schema.createViews {
            let old = try database.rows("SELECT sql FROM main.sqlite_schema WHERE type = 'view' AND name = '\(view)'")
            guard old.first?.first != sql else { continue }
            try database.execute("DROP VIEW IF EXISTS main.\(SQLiteSchema.quoted(view)); \(sql)")
        }
        return nil
    }

    private func rows(in database: SQLiteDatabase) throws(SQLiteDatabase.Failure) -> Int {
        Int(try database.rows(schema.lastRow).first?.first ?? "") ?? 0
    }

    /// What keeps rows from being appended to the database.
    private func mistake(in database: SQLiteDatabase) throws(SQLiteDatabase.Failure) -> StageError? {
        let advice = "write another file, or put back the database that the last run has left"
        guard try database.rows("PRAGMA main.application_id").first?.first == "\(SQLiteReplacement.applicationID)"
        else {
            return StageError("cannot append to '\(name)': it is a database that mhpipe did not make", advice: advice)
        }
        let columns = try database.rows(schema.tableInfo).map { $0[1] }
        guard columns == schema.columnNames else {
            let reason =
                columns.isEmpty
                ? "it has no table '\(schema.table)'"
                : "its columns are others: \(columns.joined(separator: ", "))"
            return StageError("cannot append to '\(name)': \(reason)", advice: "take those, or write another file")
        }
        return nil
    }

    private func changed(_ reason: String) -> StageError {
        var error = StageError(
            "cannot append to '\(name)': it was changed since the last run wrote it: \(reason)",
            advice: "put back the database as the last run has left it, or write another file"
        )
        error.isOfChangedOutput = true
        return error
    }

    private func withDatabase<Result>(
        _ work: (SQLiteDatabase) throws(SQLiteDatabase.Failure) -> Swift.Result<Result, StageError>
    ) throws -> Result {
        let result: Swift.Result<Result, StageError>
        do throws(SQLiteDatabase.Failure) {
            let database = try SQLiteDatabase(path: path)
            // What was begun and not committed is rolled back.
            defer { database.close() }
            try database.execute("PRAGMA busy_timeout=10000")
            result = try work(database)
        } catch {
            var failure = error.stageError(name, "appending to it")
            if error.isBusy {
                failure.advice = "another program has the database open; close it there, and run again: nothing is lost"
            }
            throw failure
        }
        return try result.get()
    }
}

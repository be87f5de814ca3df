import MHPipeIO
import MHPipeKit

/// What a database of mhpipe's is told by, and whether what stands in the place of one may be replaced.
enum SQLiteReplacement {
    /// `mhpi`, in the header of every database that mhpipe makes (`PRAGMA application_id`).
    static let applicationID = 0x6D68_7069
    /// The version of the tables and views (`PRAGMA user_version`).
    static let schemaVersion = 2

    /// What stands at a path that must not be replaced, such as `a text file`; nil when it may be.
    ///
    /// Nothing, an empty file and a database that mhpipe made may be, but for one that grows from run to run, unless
    /// `mayGrow` says that it is for such a run. Nothing is changed, and nothing locked.
    ///
    /// - Throws: `StageError` when the machine does not let it be looked at.
    static func obstacle(at path: FilePath, mayGrow: Bool = false) throws(StageError) -> String? {
        guard (try? FileStatus(path))?.kind == .file else { return nil }
        let header: [UInt8]
        do throws(InputFailure) {
            header = try start(of: path)
        } catch {
            if error.isMachineFault { throw StageError(error.description, advice: error.advice) }
            return "a file that cannot be looked at (\(error.reason))"
        }
        if header.isEmpty { return journal(beside: path).map { "an empty file with \($0)" } }
        guard header.starts(with: "SQLite format 3\0".utf8) else { return kind(of: header) }
        let tables: [SQLiteTable]
        do throws(SQLiteDatabase.Failure) {
            tables = try SQLiteTable.all(of: path)
        } catch {
            if let number = MachineFault.present {
                let reason = SystemFailure.reason(number)
                throw StageError("cannot open '\(path.text)': \(reason)", advice: MachineFault.advice(number))
            }
            // A damaged one of ours is no loss.
            return applicationID(in: header) == applicationID ? nil : "a SQLite database that mhpipe did not make"
        }
        if applicationID(in: header) == applicationID {
            if tables.contains(where: { SQLiteRuns.names.contains($0.name) }) {
                return mayGrow ? nil : "a database that runs with `mode: append` have filled"
            }
            let others = tables.filter { $0.name != SQLiteReadEnd.table }
            guard others.count > 1 else { return nil }
            return "a database that mhpipe made, but it holds other tables as well (\(list(tables)))"
        }
        if applicationID(in: header) == 0, tables.count == 1, tables[0].isOfEarlierVersion {
            return journal(beside: path).map { "a database of an earlier mhpipe with \($0)" }
        }
        return "a SQLite database that mhpipe did not make (\(list(tables)))"
    }

    /// The first bytes of a file.
    private static func start(of path: FilePath) throws(InputFailure) -> [UInt8] {
        let file = try FileInput(path)
        var bytes = [UInt8](repeating: 0, count: 100)
        var count = 0
        while count < bytes.count {
            var failure: InputFailure?
            let read = unsafe bytes[count...].withUnsafeMutableBytes { buffer in
                do throws(InputFailure) {
                    return try unsafe file.read(into: buffer)
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            if read == 0 { break }
            count += read
        }
        return Array(bytes[..<count])
    }

    /// The number at byte 68 (sqlite.org/fileformat2.html).
    private static func applicationID(in header: [UInt8]) -> Int {
        header.count < 72 ? 0 : header[68..<72].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The journal beside a database that holds what the database itself does not.
    private static func journal(beside path: FilePath) -> String? {
        let isFull = ["-wal", "-journal"].contains { suffix in
            ((try? FileStatus(path.withSuffix(suffix)))?.size ?? 0) > 0
        }
        return isFull ? "a journal of unfinished work beside it" : nil
    }

    private static func kind(of header: [UInt8]) -> String {
        if header.starts(with: [0x1F, 0x8B]) { return "a gzip file, no database" }
        if header.starts(with: "PK".utf8) { return "a zip file, no database" }
        let isText = header.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        return isText ? "a text file, no database" : "a file that is no database"
    }

    private static func list(_ tables: [SQLiteTable]) -> String {
        guard !tables.isEmpty else { return "without tables" }
        let names = tables.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
        let more = tables.count > 3 ? " and \(tables.count - 3) more" : ""
        return (tables.count == 1 ? "table " : "tables ") + names + more
    }
}

import CPostgreSQL

/// A connection to a PostgreSQL server, through libpq.
///
/// Used on one queue at a time. Invariant of the pointers: `handle` is what libpq gave until `close`, and nil after it;
/// every result is cleared in the call that got it.
final class ServerConnection {
    private var handle: OpaquePointer?

    /// Says what is wrong with a connection string or URI, without connecting; nil when nothing is.
    static func problem(with connection: String) -> String? {
        var message: UnsafeMutablePointer<CChar>?
        let parsed = PQconninfoParse(connection, &message)
        defer {
            PQconninfoFree(parsed)
            PQfreemem(message)
        }
        guard parsed == nil else { return nil }
        return message.map { ServerFailure.firstLine(String(cString: $0)) } ?? "it cannot be read"
    }

    /// Connects.
    ///
    /// - Parameter connection: A connection string or URI as libpq takes it; what it leaves out comes from the
    ///   environment.
    /// - Throws: `ServerFailure` when there is no server, or it refuses.
    init(_ connection: String) throws(ServerFailure) {
        // Of a parameter that is there twice the last one counts, so the string may change what is before it only.
        let parameters = [
            ("connect_timeout", "15"), ("fallback_application_name", "mhpipe"), ("dbname", connection),
            ("client_encoding", "UTF8"),
        ]
        handle = Self.withCStrings(parameters.map(\.0)) { names in
            Self.withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            let failure = ServerFailure(connecting: handle)
            close()
            throw failure
        }
        // Notices are for people at a prompt; by default libpq prints them.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit {
        close()
    }

    /// Ends the connection, if it has not ended; the server rolls back what was not committed.
    func close() {
        PQfinish(handle)
        handle = nil
    }

    /// The database and the server, for messages; never a password.
    var place: String {
        func text(_ value: UnsafeMutablePointer<CChar>?) -> String { value.map { String(cString: $0) } ?? "" }
        return "database '\(text(PQdb(handle)))' at '\(text(PQhost(handle)))', port \(text(PQport(handle)))"
    }

    /// The encoding of the database, such as `UTF8`.
    var serverEncoding: String {
        PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "unknown"
    }

    /// Runs one or more statements, and gives the rows of the last one; NULL is nil.
    @discardableResult
    func run(_ sql: String) throws(ServerFailure) -> [[String?]] {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_COPY_IN: break
        default: throw ServerFailure(result, handle)
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                guard PQgetisnull(result, row, column) == 0 else { return nil }
                return PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    /// Sends a part of what a COPY reads.
    func send(_ bytes: UnsafeBufferPointer<UInt8>) throws(ServerFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: rest.prefix(Self.mostBytes)))
            let start = part.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard PQputCopyData(handle, start, Int32(part.count)) == 1 else { throw failureOfCopy() }
            rest = rest.dropFirst(Self.mostBytes)
        }
    }

    /// Ends a COPY, and waits until the server has taken it.
    func endCopy() throws(ServerFailure) {
        guard PQputCopyEnd(handle, nil) == 1 else { throw failureOfCopy() }
        if let failure = takeResults() { throw failure }
    }

    /// libpq buffers what it cannot send at once.
    private static let mostBytes = 64 << 10

    /// Why data could not be sent: the server's own words where it sent some before it went away.
    private func failureOfCopy() -> ServerFailure {
        let failure = ServerFailure(nil, handle)
        return takeResults() ?? failure
    }

    private func takeResults() -> ServerFailure? {
        var failure: ServerFailure?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            guard PQresultStatus(result) != PGRES_COMMAND_OK else { continue }
            if failure == nil { failure = ServerFailure(result, handle) }
            // A COPY that the server still waits for would give the same result for ever.
            if PQresultStatus(result) == PGRES_COPY_IN { break }
        }
        return failure
    }

    /// Hands out texts as a list for C, which ends with a null pointer.
    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        let starts = texts.map { text in
            defer { bytes += text.utf8CString }
            return bytes.count
        }
        return bytes.withUnsafeBufferPointer { bytes in
            let pointers = starts.map { start in bytes.baseAddress.map { $0 + start } } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}

import CPostgreSQL
import MHPipeKit

/// What the server, or libpq, has to say about something that went wrong.
struct ServerFailure: Error {
    /// One line, in the words of PostgreSQL.
    let message: String
    /// The five characters of its list of errors (postgresql.org/docs/current/errcodes-appendix.html), or nothing.
    let code: String
    /// What it says beside the message: which value, which constraint.
    private let detail: String?
    private let isConnectionLost: Bool
    private let password: Password

    private enum Password {
        case missing, given, notAsked
    }

    /// A connection that could not be made.
    init(connecting handle: OpaquePointer?) {
        message = Self.firstLine(PQerrorMessage(handle).map { String(cString: $0) } ?? "out of memory")
        code = ""
        detail = nil
        isConnectionLost = false
        if PQconnectionNeedsPassword(handle) == 1 {
            password = .missing
        } else {
            password = PQconnectionUsedPassword(handle) == 1 ? .given : .notAsked
        }
    }

    /// A statement that failed, with its result where there is one.
    init(_ result: OpaquePointer?, _ handle: OpaquePointer?) {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        // The letters of PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_MESSAGE_DETAIL.
        code = field("C") ?? ""
        detail = field("D")
        message = field("M") ?? Self.firstLine(PQerrorMessage(handle).map { String(cString: $0) } ?? "")
        isConnectionLost = PQstatus(handle) != CONNECTION_OK
        password = .notAsked
    }

    /// The first line without what only begins it.
    static func firstLine(_ text: String) -> String {
        var line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason was given"
        for start in ["FATAL:  ", "ERROR:  "] { line = line.replacing(start, with: "") }
        return line
    }

    /// The words for the user.
    ///
    /// - Parameters:
    ///   - action: What was being done, such as `writing to database 'audit' at '/tmp', port 5432`.
    ///   - fallback: What to do where the failure itself does not tell.
    /// - Returns: The failure with what to do about it.
    func stageError(_ action: String, advice fallback: String? = nil) -> StageError {
        let reason = detail.map { "\(message) (\($0))" } ?? message
        return StageError("\(action) failed: \(reason)", advice: advice ?? fallback)
    }

    private var advice: String? {
        switch password {
        case .missing: return "give the password in PGPASSWORD, in ~/.pgpass or in 'connection'"
        case .given: return "see that the user and the password in PGPASSWORD, ~/.pgpass or 'connection' are right"
        case .notAsked: break
        }
        if isConnectionLost { return "the connection is lost, and nothing of this run was kept; run it again" }
        switch code {
        case "53100": return "the server has no room left, and nothing of this run was kept; make room and run it again"
        case "42501":
            return
                "have the owner GRANT what is missing: SELECT, INSERT and UPDATE on the table, TEMPORARY on the database, "
                + "and CREATE on the schema where the table is to be made"
        case "3F000": return "make the schema with CREATE SCHEMA, or name another one in 'table'"
        case "40P01", "40001", "55P03":
            return "another session was in the way, and nothing of this run was kept; run it again"
        case "57014": return "someone cancelled the statement, and nothing of this run was kept; run it again"
        case _ where code.hasPrefix("23"):
            return "the table has a constraint that the events do not keep; drop it, or write to another table"
        default: return nil
        }
    }
}

import MHPipeIO
import MHPipeKit

/// A table that is read once, for all instances of a stage.
final class TableFile: Sendable {
    private let read = Locked<Result<LookupTable, any Error>?>(nil)

    /// What to read, and what of it.
    struct Request {
        var path: String
        /// The column that holds the keys; the first one unless it is named.
        var key: String?
        /// The columns that are looked up; all others unless they are named.
        var values: [String]?
        var match: LookupTable.Match
    }

    /// The table; whatever is asked for, it is what was asked for first.
    ///
    /// - Throws: `OptionError`; `StageError` where the machine does not let it be read.
    func table(_ request: Request) throws -> LookupTable {
        try read.withLock { result in
            let table = result ?? Result { try Self.read(request) }
            result = table
            return try table.get()
        }
    }

    private static func read(_ request: Request) throws -> LookupTable {
        let path = request.path
        do {
            let content = try content(of: path)
            let (key, values) = try columns(of: content, request)
            return try LookupTable(content, key: key, values: values, match: request.match)
        } catch let mistake as TableContent.Mistake {
            throw OptionError(option: "table", "is wrong on line \(mistake.line) of '\(path)': \(mistake.reason)")
        } catch let failure as InputFailure {
            // No mistake of the pipeline's.
            if let fault = StageError(machineFault: failure) { throw fault }
            let message = "names '\(path)', which cannot be read: \(failure.reason)"
            throw OptionError(option: "table", message, label: PathAdvice.forMissing(path))
        } catch let mistake as OptionError {
            throw mistake
        } catch {
            throw OptionError(option: "table", "names '\(path)', which cannot be read: \(error)")
        }
    }

    private static func content(of path: String) throws -> TableContent {
        let readers: [(ending: String, read: ([UInt8]) throws -> TableContent)] = [
            (".csv", { try TableContent(csv: $0) }), (".json", { try TableContent(json: $0) }),
            (".jsonl", { try TableContent(jsonLines: $0) }), (".ndjson", { try TableContent(jsonLines: $0) }),
        ]
        guard let reader = readers.first(where: { path.lowercased().hasSuffix($0.ending) }) else {
            let endings = readers.map(\.ending).joined(separator: ", ")
            throw OptionError(option: "table", "needs a file whose name says what it is: \(endings)")
        }
        return try reader.read(try bytes(of: path))
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let file = FilePath(path)
        guard try FileStatus(file).kind != .folder else { throw InputFailure(path, .read, reason: "it is a folder") }
        let input = try FileInput(file)
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 256 << 10)
        while case let count = try unsafe room.withUnsafeMutableBytes({ try unsafe input.read(into: $0) }), count > 0 {
            bytes += room[..<count]
        }
        return bytes
    }

    /// The numbers of the columns with the keys, and of those that are looked up.
    private static func columns(
        of content: TableContent,
        _ request: Request
    ) throws(OptionError) -> (key: Int, values: [Int]) {
        let named = content.hasOwnKeys ? Array(content.columns.dropFirst()) : content.columns
        func number(_ name: String, _ option: String) throws(OptionError) -> Int {
            if let number = content.columns.firstIndex(of: name), named.contains(name) { return number }
            let label = Suggestion.label(for: name, among: named)
            let message = "names '\(name)', which is no column of '\(request.path)': \(named.joined(separator: ", "))"
            throw OptionError(option: option, message, label: label, at: name)
        }
        guard content.hasOwnKeys || !content.columns.isEmpty else {
            throw OptionError(option: "table", "names '\(request.path)', which has no rows")
        }
        if content.hasOwnKeys, request.key != nil {
            throw OptionError(option: "key", "cannot be used: the table is an object, and its own keys are looked for")
        }
        if content.isPlain, request.values != nil {
            throw OptionError(option: "values", "cannot be used: the table has one value for each key")
        }
        let key = try request.key.map { name throws(OptionError) in try number(name, "key") } ?? 0
        guard let values = request.values else { return (key, content.columns.indices.filter { $0 != key }) }
        guard !values.isEmpty else { throw OptionError(option: "values", "needs at least one column") }
        var numbers: [Int] = []
        for name in values { numbers.append(try number(name, "values")) }
        return (key, numbers)
    }
}

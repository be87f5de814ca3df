import MHPipeIO
import MHPipeKit

/// The file that keeps what could not be read: a JSON line for each problem, with the bytes that were lost.
///
/// Used on the problem log's queue. The file appears when the run commits, also when there was no problem.
final class QuarantineFile: @unchecked Sendable /* used on the problem log's serial queue only */ {
    private let path: String
    private var file: (any OutputFile)?

    /// More bytes than this of one loss are not kept; the line says so.
    private static let mostRaw = 1 << 20

    init(path: String) {
        self.path = path
    }

    func open() throws {
        file = try reporting { () throws(OutputFailure) in try Output.open(path) }
    }

    func write(_ line: [UInt8]) throws {
        try reporting { () throws(OutputFailure) in
            guard let file else { return }
            try line.withUnsafeBufferPointer { (bytes) throws(OutputFailure) in try file.write(bytes) }
        }
    }

    func finish() throws {
        try reporting { () throws(OutputFailure) in try file?.finish() }
    }

    func commit() throws {
        try reporting { () throws(OutputFailure) in try file?.commit() }
        file = nil
    }

    func abort() {
        file?.abort()
        file = nil
    }

    private func reporting<Result>(_ work: () throws(OutputFailure) -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            throw StageError(error.message, advice: error.advice, isClosedPipe: error.isBrokenPipe)
        }
    }

    /// The line for a problem.
    ///
    /// The bytes are in `raw` as text when they are UTF-8, and in `rawBase64` when they are not.
    static func line(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let output = OutputBuffer()
        func put(_ key: String, _ text: some Sequence<UInt8>) {
            output.append(",\"\(key)\":\"")
            var escaped: [UInt8] = []
            JSONText.escape(text, into: &escaped)
            output.append(escaped)
            output.append(UInt8(ascii: "\""))
        }
        output.append("{\"scope\":\"\(problem.scope.rawValue)\"")
        put("file", problem.file.utf8)
        if let record = problem.record { output.append(",\"record\":\(record)") }
        if let offset = problem.offset { output.append(",\"offset\":\(offset)") }
        put("reason", problem.reason.utf8)
        let kept = UnsafeBufferPointer(rebasing: raw.prefix(mostRaw))
        if !kept.isEmpty {
            if ScalarIndexer.invalidUTF8(kept).isEmpty {
                put("raw", kept)
            } else {
                put("rawBase64", Base64.encode(kept))
            }
        }
        if kept.count < raw.count { output.append(",\"rawBytes\":\(raw.count)") }
        output.append("}\n")
        return Array(output.bytes)
    }
}

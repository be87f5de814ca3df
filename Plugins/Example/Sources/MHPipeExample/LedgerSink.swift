import Foundation
import MHPipeKit

/// Writes a line for each unit that was read, and goes on where an earlier run was stopped.
struct LedgerSink: ResumableSink {
    static let name = "ledger"
    static let summary = "Writes what became of each file: its name, how far it was read, and its records."

    struct Options: PluginOptions {
        var path: OutputPath = ""

        static let all: [Option<Options>] = [.required("path", \.path, "The file to write.", example: "ledger.tsv")]
    }

    /// The events are others' affair.
    struct Encoder: EventEncoder {
        func encode(_ batch: EventBatch, into output: OutputBuffer) {}
    }

    private let path: String
    private var file: FileHandle?

    init(_ options: Options, _ context: PluginContext) throws {
        path = options.path.path
        if path == "-" { throw OptionError(option: "path", "needs a file, since a stream cannot be gone on with") }
    }

    func makeEncoder() -> Encoder { Encoder() }

    mutating func open(_ start: SinkStart) throws {
        try attempt {
            switch start {
            case .fresh, .append(nil): try Data().write(to: URL(filePath: part))
            case .append: try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: part))
            case .resume: break
            }
            guard let file = FileHandle(forWritingAtPath: part) else { throw StageError("'\(part)' is gone") }
            self.file = file
            let length = try start.length
            if try file.seekToEnd() < length { throw StageError("'\(part)' is shorter than at its checkpoint") }
            try file.truncate(atOffset: length)
        }
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {}

    mutating func finishUnit(_ outcome: UnitOutcome) throws {
        let name = String(reflecting: outcome.id.displayName)
        let line = "\(name)\t\(outcome.ending)\t\(outcome.events)\t\(outcome.quarantined)\n"
        try attempt { try file?.write(contentsOf: Data(line.utf8)) }
    }

    mutating func checkpoint() throws -> Checkpoint {
        try attempt { try file?.synchronize() }
        return Checkpoint(token: Array("\(try file?.offset() ?? 0)".utf8))
    }

    mutating func finish() throws {
        try attempt { try file?.synchronize() }
    }

    mutating func commit() throws {
        try? file?.close()
        guard rename(part, path) == 0 else {
            throw StageError("cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    mutating func suspend() {
        try? file?.close()
    }

    mutating func abort() {
        try? file?.close()
        try? FileManager.default.removeItem(atPath: part)
    }

    /// In the folder of the result, so that a rename puts it in its place.
    private var part: String { path + ".part" }

    private func attempt(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as StageError {
            throw error
        } catch {
            throw StageError("cannot write '\(path)': \(error.localizedDescription)")
        }
    }
}

extension SinkStart {
    /// The bytes that were there at the checkpoint, which its token says.
    fileprivate var length: UInt64 {
        get throws {
            switch self {
            case .fresh, .append(nil): return 0
            case .resume(let checkpoint), .append(let checkpoint?):
                guard let length = UInt64(String(decoding: checkpoint.token, as: UTF8.self)) else {
                    throw StageError("this is no checkpoint of a ledger")
                }
                return length
            }
        }
    }
}

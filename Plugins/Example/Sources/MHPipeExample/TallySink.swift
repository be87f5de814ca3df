import Foundation
import MHPipeKit

/// Counts the events for each value of one field, and writes a line for each: the count, a tab, and the value as JSON.
///
/// The most frequent value comes first. Objects, arrays and missing fields are counted together, as `-`.
struct TallySink: Sink {
    static let name = "tally"
    static let summary = "Counts the events for each value of a field."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var field = FieldPath("eventName")

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file to write.", example: "calls.tsv"),
            .optional("field", \.field, "The field whose values are counted.", example: "identity.actor"),
        ]
    }

    private let path: String
    private let field: FieldPath
    private var counts: [String: Int] = [:]
    private var file: FileHandle?

    init(_ options: Options, _ context: PluginContext) throws {
        path = options.path.path
        field = options.field
        if path == "-" { throw OptionError(option: "path", "needs a file, since the counts are there at the end only") }
    }

    func makeEncoder() -> ValueEncoder { ValueEncoder(field: field) }

    mutating func open() throws {
        guard FileManager.default.createFile(atPath: temporaryPath, contents: nil),
            let file = FileHandle(forWritingAtPath: temporaryPath)
        else { throw StageError("cannot write '\(path)'", advice: "its folder must be there and take new files") }
        self.file = file
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            counts[String(decoding: line, as: UTF8.self), default: 0] += 1
        }
    }

    mutating func finish() throws {
        guard file != nil else { return }
        let lines = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value)\t\($0.key)\n" }
        do {
            try file?.write(contentsOf: Data(lines.joined().utf8))
            try file?.synchronize()
            try file?.close()
            file = nil
        } catch {
            throw StageError("cannot write '\(path)': \(error.localizedDescription)")
        }
    }

    mutating func commit() throws {
        guard rename(temporaryPath, path) == 0 else {
            throw StageError("cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    mutating func abort() {
        try? FileManager.default.removeItem(atPath: temporaryPath)
    }

    /// In the folder of the result, so that a rename puts it in its place.
    private var temporaryPath: String { path + ".part" }
}

/// Encodes one value of each event as a line, which `TallySink` counts.
struct ValueEncoder: EventEncoder {
    let field: FieldPath

    func encode(_ batch: EventBatch, into output: OutputBuffer) {
        for event in batch {
            output.append(text(event[field]))
            output.append(UInt8(ascii: "\n"))
        }
    }

    /// JSON text, in which a line end cannot stand unless there are brackets round it.
    private func text(_ value: JSONValue?) -> String {
        guard let value, value.kind != .object, value.kind != .array else { return "-" }
        return value.json
    }
}

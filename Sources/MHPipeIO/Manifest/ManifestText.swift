import MHPipeKit

/// The lines of a manifest, read one after the other.
package struct ManifestText {
    /// What keeps a file from being a manifest that can be checked against.
    package enum Damage: Error {
        /// It is something else.
        case other(String)
        /// It was one, and is not whole.
        case damaged(String)
    }

    private let path: String
    /// The first line.
    package let run: ManifestLine
    /// The last line.
    package let end: ManifestLine

    private static let schema = 1

    /// Reads a manifest once, to see whether it is whole.
    ///
    /// - Throws: `Damage`; `InputFailure` when it cannot be read.
    package init(_ path: String) throws {
        self.path = path
        let hash = try SHA256()
        var first: [UInt8]?
        var last: [UInt8] = []
        let isEnded = try Self.forEachLine(path) { line in
            if first == nil { first = line }
            if !last.isEmpty { hash.update(last + [UInt8(ascii: "\n")]) }
            last = line
        }
        guard let first, let run = ManifestLine(first), run.type == "run", let schema = run.schema else {
            throw Damage.other("it is no manifest of a run: its first line does not say what was run")
        }
        guard schema == Self.schema else {
            throw Damage.other("it has form \(schema), and this mhpipe knows form \(Self.schema)")
        }
        guard isEnded, let end = ManifestLine(last), end.type == "end" else {
            throw Damage.damaged("it was cut off: the line that says how the run ended is not there")
        }
        guard end.sha256OfLinesBefore == Hexadecimal.text(hash.finish()) else {
            throw Damage.damaged("it was changed: its lines are not those that its last line tells of")
        }
        (self.run, self.end) = (run, end)
    }

    /// Calls the body with each line of an input or output.
    package func forEachFile(_ body: (ManifestLine) throws -> Void) throws {
        _ = try Self.forEachLine(path) { bytes in
            guard let line = ManifestLine(bytes) else { throw Damage.damaged("one of its lines is no JSON object") }
            if line.type == "input" || line.type == "output" { try body(line) }
        }
    }

    /// Hands out the lines without their ends; false when the last one has none.
    private static func forEachLine(_ path: String, _ body: ([UInt8]) throws -> Void) throws -> Bool {
        let lines = try LineReader(FilePath(path))
        while let line = try lines.next() { try body(line) }
        return !lines.isCutOff
    }
}

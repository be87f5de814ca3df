package import MHPipeKit

/// The lines of a file, one after the other, however many there are.
package final class LineReader {
    private let file: FileInput
    private let name: String
    private var piece: [UInt8] = []
    private var start = 0
    /// True when the last line had no end.
    package private(set) var isCutOff = false

    private static let pieceBytes = 256 << 10
    /// More than this is no line of anything that is read here.
    private static let mostBytes = 256 << 20

    /// Opens a file.
    ///
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath) throws(InputFailure) {
        name = path.text
        file = try FileInput(path)
    }

    /// Reads what is open already, under the name that messages give it.
    package init(_ file: FileInput, name: String) {
        self.name = name
        self.file = file
    }

    /// The next line without its end; nil behind the last one.
    ///
    /// - Throws: `InputFailure` when the file cannot be read, or is no file of lines.
    package func next() throws(InputFailure) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
                line += piece[start..<end]
                start = end + 1
                return line
            }
            line += piece[start...]
            guard line.count <= Self.mostBytes else {
                throw InputFailure(name, .read, reason: "one of its lines is too long")
            }
            guard try fill() else {
                isCutOff = !line.isEmpty
                return line.isEmpty ? nil : line
            }
        }
    }

    /// Reads the next piece; false at the end.
    private func fill() throws(InputFailure) -> Bool {
        start = 0
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 16)
        defer { unsafe room.deallocate() }
        let count = try unsafe file.read(into: room)
        piece = unsafe Array(room[..<count])
        return count > 0
    }
}

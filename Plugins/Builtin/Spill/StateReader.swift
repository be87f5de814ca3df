import MHPipeKit

extension OutputBuffer {
    /// Appends a number, as `StateReader.number` reads it.
    func append(number: UInt64) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe append($0.bindMemory(to: UInt8.self)) }
    }

    /// Appends a number that is not negative.
    func append(number: Int) { append(number: UInt64(number)) }

    /// Appends bytes behind their number.
    func append(counted bytes: [UInt8]) {
        append(number: bytes.count)
        append(bytes)
    }

    /// Appends a text behind the number of its bytes.
    func append(counted text: String) { append(counted: Array(text.utf8)) }
}

/// Reads what a transform has written down of its state, and refuses what was cut short.
struct StateReader {
    private let bytes: [UInt8]
    private var next = 0
    private let name: String

    /// - Parameters:
    ///   - state: The state, whole.
    ///   - name: The name and the version, with which the state begins (`append(counted:)`).
    /// - Throws: `StageError` when it begins otherwise.
    init(_ state: Span<UInt8>, _ name: String) throws {
        bytes = unsafe state.withUnsafeBufferPointer { unsafe Array($0) }
        self.name = name
        guard try text() == name else { throw damage }
    }

    /// Reads bytes that no name stands before.
    init(_ bytes: UnsafeBufferPointer<UInt8>, of name: String) {
        self.bytes = unsafe Array(bytes)
        self.name = name
    }

    /// True when everything is read.
    var isAtEnd: Bool { next == bytes.count }

    /// What is wrong with a state that cannot be read.
    var damage: StageError { StageError("the saved state of '\(name)' was cut short, or is not its own") }

    mutating func number() throws -> UInt64 { try numbers(1)[0] }

    /// So many numbers.
    mutating func numbers(_ count: Int) throws -> [UInt64] {
        let (size, isTooLarge) = count.multipliedReportingOverflow(by: 8)
        guard !isTooLarge else { throw damage }
        let bytes = try take(size)
        return unsafe bytes.withUnsafeBytes { bytes in
            (0..<count).map { place in
                UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
            }
        }
    }

    /// A number that counts what follows, or bytes before.
    mutating func count() throws -> Int {
        guard let count = Int(exactly: try number()) else { throw damage }
        return count
    }

    mutating func byte() throws -> UInt8 { try take(1).first ?? 0 }

    mutating func text() throws -> String { String(decoding: try counted(), as: UTF8.self) }

    mutating func counted() throws -> [UInt8] { Array(try take(try count())) }

    /// To be called last.
    func finish() throws {
        guard next == bytes.count else { throw damage }
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - next else { throw damage }
        defer { next += count }
        return bytes[next..<next + count]
    }
}

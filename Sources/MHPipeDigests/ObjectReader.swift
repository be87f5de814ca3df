import MHPipeIO
package import MHPipeKit

/// Reads objects as CloudTrail stores them, one gzip member each, and hashes their text.
///
/// Holds a megabyte, and is meant to be kept; used by one thread at a time.
@safe
package final class ObjectReader: @unchecked Sendable /* one thread has it at a time */ {
    /// What an object holds.
    package struct Content {
        /// The SHA-256 hash of the text.
        package var sha256: [UInt8]
        /// The text, where it was asked for; of several members that of the first, as awscli reads it.
        var text: [UInt8] = []
        /// What is wrong with the object, which then need not have been read to its end.
        package var flaw: Flaw?
        /// More about that.
        package var detail: String?
        /// The bytes as they are stored, as far as they were read.
        package var bytes = 0
    }

    private let gzip = GzipReader()
    private let wholeGzip = WholeGzip()
    private let hash: SHA256
    /// The first bytes as they are stored; all of them for most objects, which can be decompressed in one go.
    private let stored: UnsafeMutableRawBufferPointer
    private let piece: UnsafeMutableRawBufferPointer

    /// A digest file of more text is not one that CloudTrail has written.
    private static let mostText = 256 << 20
    private static let storedBytes = 128 << 10
    private static let pieceBytes = 512 << 10

    /// - Throws: `StageError` when there is nothing to hash with.
    package init() throws {
        hash = try SHA256()
        unsafe stored = .allocate(byteCount: Self.storedBytes, alignment: 64)
        unsafe piece = .allocate(byteCount: Self.pieceBytes, alignment: 64)
    }

    deinit {
        unsafe stored.deallocate()
        unsafe piece.deallocate()
    }

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - stream: Its bytes.
    ///   - keepsText: True for the text of a digest file.
    /// - Returns: What it holds.
    /// - Throws: What the stream throws.
    package func read(_ stream: any ByteStream, keepsText: Bool = false) throws -> Content {
        hash.begin()
        var text: [UInt8] = []
        let start = try unsafe firstBytes(of: stream)
        if let count = unsafe wholeGzip?.decompressSingle(start, into: piece) {
            let whole = unsafe UnsafeRawBufferPointer(rebasing: piece[..<count])
            unsafe hash.update(whole)
            return unsafe Content(sha256: hash.finish(), text: keepsText ? Array(whole) : [], bytes: start.count)
        }
        unsafe gzip.start({ buffer in try unsafe stream.read(into: buffer) }, prefix: start)
        do {
            while case let count = try unsafe gzip.read(into: piece), count > 0 {
                unsafe hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                guard keepsText else { continue }
                guard text.count + count <= Self.mostText else {
                    return flawed(.format, "it has more than \(Self.mostText >> 20) MiB of text")
                }
                unsafe text.append(contentsOf: piece[..<count])
            }
        } catch let damage as CompressionDamage {
            guard let end = gzip.endOfFirstMember else { return flawed(.format, damage.description) }
            return flawed(.trailingData, damage.description, text: Array(text.prefix(end.text)))
        }
        guard let end = gzip.endOfFirstMember else { return flawed(.format, "it is empty") }
        guard end.stored == gzip.bytesConsumed else {
            return flawed(
                .trailingData,
                "CloudTrail writes one gzip member, which ends at byte \(end.stored) of \(gzip.bytesConsumed)",
                text: Array(text.prefix(end.text))
            )
        }
        return Content(sha256: hash.finish(), text: text, bytes: gzip.bytesConsumed)
    }

    /// What there is room for, or all of it.
    private func firstBytes(of stream: any ByteStream) throws -> UnsafeRawBufferPointer {
        var count = 0
        while unsafe count < stored.count,
            case let more = try unsafe stream.read(into: UnsafeMutableRawBufferPointer(rebasing: stored[count...])),
            more > 0
        {
            count += more
        }
        return unsafe UnsafeRawBufferPointer(rebasing: stored[..<count])
    }

    private func flawed(_ flaw: Flaw, _ detail: String, text: [UInt8] = []) -> Content {
        Content(sha256: hash.finish(), text: text, flaw: flaw, detail: detail, bytes: gzip.bytesConsumed)
    }
}

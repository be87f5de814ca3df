import Libc
import MHPipeKit

/// A key and a content, one behind the other behind their lengths.
@safe
struct SortRecord {
    /// The record's bytes.
    let bytes: UnsafeBufferPointer<UInt8>

    /// The bytes of the two lengths.
    static let headBytes = 8

    /// Takes bytes at whose beginning a record stands.
    init(at start: UnsafePointer<UInt8>) {
        let (key, content) = unsafe Self.lengths(at: start)
        unsafe bytes = unsafe UnsafeBufferPointer(start: start, count: Self.headBytes + key + content)
    }

    /// Takes bytes that should be a record, and nothing else; nil when they are not.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count >= Self.headBytes, let start = bytes.baseAddress,
            case let (key, content) = unsafe Self.lengths(at: start), Self.headBytes + key + content == bytes.count
        else { return nil }
        unsafe self.bytes = unsafe bytes
    }

    var key: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: bytes[Self.headBytes..<Self.headBytes + keyCount])
    }

    var content: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: bytes[(Self.headBytes + keyCount)...])
    }

    private var keyCount: Int { unsafe bytes.baseAddress.map { unsafe Self.lengths(at: $0).key } ?? 0 }

    /// The first eight bytes of a key, as a number that is smaller where they come first.
    static func prefix(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        (0..<8).reduce(0) { unsafe $0 << 8 | UInt64($1 < key.count ? key[$1] : 0) }
    }

    /// Compares keys by their bytes; negative when the left one comes first, 0 when they are the same.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
            return left.count - right.count
        }
        let order = unsafe memcmp(leftStart, rightStart, min(left.count, right.count))
        return order != 0 ? Int(order) : left.count - right.count
    }

    /// Appends a record.
    static func append(
        key: UnsafeBufferPointer<UInt8>,
        _ content: UnsafeBufferPointer<UInt8>,
        to output: OutputBuffer
    ) {
        for count in [key.count, content.count] {
            unsafe withUnsafeBytes(of: UInt32(count).littleEndian) {
                unsafe output.append($0.bindMemory(to: UInt8.self))
            }
        }
        unsafe output.append(key)
        unsafe output.append(content)
    }

    /// The lengths of a record whose first eight bytes stand at a place.
    static func lengths(at start: UnsafePointer<UInt8>) -> (key: Int, content: Int) {
        let head = unsafe UnsafeRawPointer(start).loadUnaligned(as: (UInt32, UInt32).self)
        return (Int(UInt32(littleEndian: head.0)), Int(UInt32(littleEndian: head.1)))
    }
}

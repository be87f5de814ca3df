import MHPipeIO
import MHPipeKit
import MHPipeTestSupport

/// Trail files of small records that say where they stand.
enum TrailText {
    /// A record, as JSON lines write it.
    static func record(_ unit: Int, _ number: Int) -> String {
        #"{"eventVersion":"1.08","unit":\#(unit),"n":\#(number)}"#
    }

    /// The records of a file.
    static func records(_ unit: Int, _ count: Int) -> [String] {
        (0..<count).map { record(unit, $0) }
    }

    /// A file.
    static func file(_ unit: Int, _ count: Int) -> String {
        file(records(unit, count))
    }

    /// A file of given records.
    static func file(_ records: [String]) -> String {
        "{\"Records\":[\(records.joined(separator: ","))]}"
    }

    /// A file as a unit of work.
    static func unit(_ unit: Int, _ count: Int) -> MemoryUnit {
        MemoryUnit("unit \(unit)", file(unit, count).utf8)
    }

    /// A text in one gzip member.
    static func gzip(_ text: String) -> [UInt8] {
        gzip(bytes: Array(text.utf8))
    }

    /// Bytes in one gzip member.
    static func gzip(bytes: [UInt8]) -> [UInt8] {
        let output = OutputBuffer()
        bytes.withUnsafeBufferPointer { bytes in
            GzipCompressor()
                .compress(bytes, endsMember: true, reserve: { output.reserve($0) }, commit: { output.commit($0) })
        }
        return Array(output.bytes)
    }

    /// Bytes in three gzip members.
    static func members(_ text: [UInt8]) -> [UInt8] {
        let (first, second) = (text.count / 3, text.count / 2)
        return gzip(bytes: Array(text[..<first])) + gzip(bytes: Array(text[first..<second]))
            + gzip(bytes: Array(text[second...]))
    }
}

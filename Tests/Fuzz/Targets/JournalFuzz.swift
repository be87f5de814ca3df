import MHPipeIO

@testable import MHPipeRuntime

/// The record of how far a run has come: it is refused, or written again it is the same.
enum JournalFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        try check(text)
        // A hash ends the record, which nobody hits by chance.
        let hash = try SHA256()
        hash.update(Array(text.utf8))
        try check("\(text)end \(Hexadecimal.text(hash.finish()))\n")
    }

    private static func check(_ text: String) throws {
        guard let record = try? JournalRecord(text) else { return }
        let again = try JournalRecord(record.text())
        try FuzzFailure.unless(again == record, "it is another one when it is written again")
    }
}

import MHPipeKit

extension JSONText {
    /// A text as a JSON string, with its quotes.
    static func quoted(_ text: String) -> String {
        var bytes = [UInt8(ascii: "\"")]
        escape(text.utf8, into: &bytes)
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}

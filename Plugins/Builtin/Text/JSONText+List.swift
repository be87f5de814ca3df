import MHPipeKit

extension JSONText {
    /// Texts as a JSON array, without white space.
    static func list(of texts: [String]) -> [UInt8] {
        var json = [UInt8(ascii: "[")]
        for text in texts {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json.append(UInt8(ascii: "\""))
            escape(text.utf8, into: &json)
            json.append(UInt8(ascii: "\""))
        }
        return json + [UInt8(ascii: "]")]
    }
}

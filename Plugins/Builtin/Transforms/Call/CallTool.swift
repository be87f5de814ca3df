import MHPipeKit

/// The program that made a call, by its user agent (RFC 9110: products, `NAME/VERSION`, most significant first).
///
/// Old S3 records stand in brackets. Services and consoles are one name without a version. Programs of AWS partners name
/// themselves behind `APN/1.0`, Terraform among them, wherever that stands. Every browser calls itself `Mozilla`.
struct CallTool {
    private(set) var name = JSONSlice.missing
    private(set) var version = JSONSlice.missing
    var isBrowser: Bool { name.equals("Mozilla") }

    init(_ agent: JSONSlice) {
        var text = agent.hasPrefix("[") ? agent.dropFirst(1) : agent
        if text.hasPrefix("AWS Internal") {
            name = text.part(0, "AWS Internal".utf8.count)
            return
        }
        text = Self.partnersProduct(in: text) ?? text
        // A comment or a list ends what is named first.
        let segment = text.upTo {
            [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: "]")].contains($0)
        }
        let word = segment.upTo(UInt8(ascii: " "))
        let slash = UInt8(ascii: "/")
        if unsafe word.bytes.contains(slash) {
            name = unsafe word.bytes.first == slash ? .missing : word.upTo(slash)
            if !name.equals("Mozilla"), name.isPresent { version = word.afterFirst(slash) }
        } else {
            name = unsafe segment.bytes.contains(slash) ? word : segment.withoutTrailingSpaces
        }
    }

    /// What stands behind the marks of AWS's partner network and of HashiCorp.
    private static func partnersProduct(in text: JSONSlice) -> JSONSlice? {
        var rest = text
        while rest.isPresent, !rest.hasPrefix("APN/") { rest = rest.afterFirst(UInt8(ascii: " ")) }
        guard rest.isPresent else { return nil }
        while rest.hasPrefix("APN/") || rest.upTo(UInt8(ascii: "/")).equals(ignoringCase: "hashicorp") {
            rest = rest.afterFirst(UInt8(ascii: " "))
        }
        return rest.isPresent ? rest : nil
    }
}

extension JSONSlice {
    /// What stands before the first byte that ends it, or everything.
    fileprivate func upTo(_ isEnd: (UInt8) -> Bool) -> JSONSlice {
        unsafe bytes.firstIndex(where: isEnd).map { part(0, $0) } ?? self
    }

    fileprivate var withoutTrailingSpaces: JSONSlice {
        let end = unsafe bytes.lastIndex { $0 != UInt8(ascii: " ") } ?? -1
        return part(0, end + 1)
    }
}

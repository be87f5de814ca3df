import Foundation

/// An IPv4 or IPv6 address.
struct IPAddress: Hashable {
    /// 4 or 16 bytes, in network order.
    let bytes: [UInt8]

    /// The longest text of an address: six groups of four digits, and the last 32 bits as IPv4.
    static let mostCharacters = 45

    var isIPv6: Bool { bytes.count == 16 }

    /// Reads the text of an address, and asks no resolver: whatever is not written out as one is nil.
    ///
    /// An IPv4-mapped address, `::ffff:192.0.2.1`, becomes the IPv4 address. Abbreviated IPv4 addresses such as `127.1`, and
    /// IPv6 addresses with a zone, are none.
    init?(_ text: String) {
        // A C string ends at a zero byte, where this text does not.
        guard text.utf8.count <= Self.mostCharacters, !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes.suffix(4)) : bytes
        } else {
            return nil
        }
    }

    /// The text of the network that the first bits of the address name: `192.0.2.0/24`.
    ///
    /// - Parameter bits: The length of the prefix, from 0 to 32 or 128.
    /// - Returns: The address with all other bits zero, and the length: CIDR.
    func network(bits: Int) -> String {
        let masked = bytes.enumerated().map { index, byte in
            let kept = min(max(bits - index * 8, 0), 8)
            return kept == 0 ? 0 : byte & (UInt8.max << UInt8(8 - kept))
        }
        var text = [CChar](repeating: 0, count: Self.mostCharacters + 1)
        inet_ntop(isIPv6 ? AF_INET6 : AF_INET, masked, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + "/\(bits)"
    }

    /// RFC 4291, section 2.5.5.2.
    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
}

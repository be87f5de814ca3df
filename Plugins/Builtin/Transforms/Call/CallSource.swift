import Libc
import MHPipeKit

/// What `sourceIPAddress` says of where a call came from.
enum CallSource: CaseIterable {
    case ip, service
    /// AWS itself, which tells no more.
    case `internal`

    var text: StaticString {
        switch self {
        case .ip: "ip"
        case .service: "service"
        case .internal: "internal"
        }
    }

    /// Nil for a text that is none of them.
    init?(_ address: JSONSlice) {
        guard address.isPresent else { return nil }
        if address.hasPrefix("AWS Internal") {
            self = .internal
        } else if Self.isAddress(address) {
            self = .ip
        } else if Self.isHostName(address) {
            self = .service
        } else {
            return nil
        }
    }

    /// True for an IPv4 or IPv6 address.
    private static func isAddress(_ text: JSONSlice) -> Bool {
        // The longest is an IPv6 address that ends in an IPv4 one.
        guard unsafe text.bytes.count < Int(INET6_ADDRSTRLEN) else { return false }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            unsafe buffer.initialize(repeating: 0)
            for index in unsafe text.bytes.indices {
                let byte = unsafe text.bytes[index]
                unsafe buffer[index] = CChar(truncatingIfNeeded: byte)
            }
            guard let start = buffer.baseAddress else { return false }
            let family = unsafe text.bytes.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
            return unsafe withUnsafeTemporaryAllocation(of: in6_addr.self, capacity: 1) {
                unsafe inet_pton(family, start, $0.baseAddress) == 1
            }
        }
    }

    /// True for labels of letters, digits and hyphens between dots, of which the last begins with a letter.
    private static func isHostName(_ text: JSONSlice) -> Bool {
        let dot = UInt8(ascii: ".")
        let last = text.afterLast(dot)
        guard let first = unsafe last.bytes.first, isLetter(first), unsafe text.bytes.first != dot else { return false }
        return unsafe text.bytes.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || byte == dot || byte == UInt8(ascii: "-")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }
}

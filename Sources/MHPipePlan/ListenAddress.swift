import Libc
package import MHPipeKit

/// An address and a port to listen at: `127.0.0.1:9464`, `[::1]:9464`, or a port alone, which is one of this machine's own.
package struct ListenAddress: OptionValue, Hashable {
    /// The address, in numbers.
    package let host: String
    /// The port; 0 for any that is free.
    package let port: UInt16

    package static var typeName: String { "an address and a port, such as 127.0.0.1:9464" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs \(Self.typeName), not \(node.kindName)") }
        let (host, digits) = try Self.parts(text)
        guard let port = UInt16(digits), digits.allSatisfy(\.isNumber) else {
            throw OptionError("needs a port from 0 to 65535 behind the address, not '\(text)'")
        }
        self.port = port
        self.host = host == "localhost" ? "127.0.0.1" : host
        guard Self.isAddress(self.host) else {
            throw OptionError(
                "needs an address in numbers, such as 127.0.0.1 or [::1], not '\(host)'",
                label: "did you mean '127.0.0.1:\(port)'?"
            )
        }
    }

    /// What stands before and behind the last colon; a port alone is one of the loopback interface.
    private static func parts(_ text: String) throws(OptionError) -> (host: String, port: String) {
        if !text.isEmpty, text.allSatisfy(\.isNumber) { return ("127.0.0.1", text) }
        guard let colon = text.lastIndex(of: ":") else {
            throw OptionError("needs \(typeName), not '\(text)'")
        }
        let port = String(text[text.index(after: colon)...])
        let host = text[..<colon]
        if host.isEmpty || host == "*" {
            throw OptionError(
                "needs an address before the port: 127.0.0.1 for this machine alone, 0.0.0.0 for everybody who can reach it",
                label: "did you mean '127.0.0.1:\(port)'?"
            )
        }
        guard host.contains(":") || host.first == "[" else { return (String(host), port) }
        guard host.first == "[", host.last == "]" else {
            throw OptionError("needs brackets round an address with colons, as in [::1]:9464, not '\(text)'")
        }
        return (String(host.dropFirst().dropLast()), port)
    }

    package var isVersion6: Bool { host.contains(":") }

    /// True when nobody outside this machine reaches it.
    package var isLoopback: Bool { isVersion6 ? host == "::1" : host.hasPrefix("127.") }

    package var optionText: String { "\(isVersion6 ? "[\(host)]" : host):\(port)" }

    private static func isAddress(_ host: String) -> Bool {
        var address = [UInt8](repeating: 0, count: 16)
        return unsafe inet_pton(host.contains(":") ? AF_INET6 : AF_INET, host, &address) == 1
    }
}

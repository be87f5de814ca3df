import Libc

/// An IP address; one of IPv6 that stands for one of IPv4 (`::ffff:192.0.2.1`) is taken for that.
package struct Address: Hashable, Sendable {
    /// The bits, those of IPv4 in the lowest 32.
    package var bits: UInt128
    /// 32 or 128.
    package var width: Int

    fileprivate init(bits: UInt128, width: Int) {
        (self.bits, self.width) = (bits, width)
    }

    /// Reads an address in its text form; nil for anything else, zones (`%eth0`) included.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        // The longest text form has 45 characters.
        guard !text.isEmpty, text.count < 46, unsafe !text.contains(0) else { return nil }
        if unsafe text.contains(UInt8(ascii: ":")) {
            var address = in6_addr()
            guard unsafe Self.read(AF_INET6, text, &address) else { return nil }
            let bits = unsafe withUnsafeBytes(of: address) { unsafe $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
            let isMapped = bits >> 32 == 0xFFFF
            self.bits = isMapped ? bits & 0xFFFF_FFFF : bits
            width = isMapped ? 32 : 128
        } else {
            var address = in_addr()
            guard unsafe Self.read(AF_INET, text, &address) else { return nil }
            bits = UInt128(UInt32(bigEndian: address.s_addr))
            width = 32
        }
    }

    private static func read(_ family: Int32, _ text: UnsafeBufferPointer<UInt8>, _ address: UnsafeMutableRawPointer)
        -> Bool
    {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { characters in
            for place in text.indices {
                unsafe characters.initializeElement(at: place, to: CChar(bitPattern: text[place]))
            }
            unsafe characters.initializeElement(at: text.count, to: 0)
            guard let start = characters.baseAddress else { return false }
            return unsafe inet_pton(family, start, address) == 1
        }
    }
}

/// A block of addresses: `10.0.0.0/8`.
package struct Network: Hashable, Sendable {
    private let address: Address
    /// The bits that all its addresses have in common.
    package let prefix: Int

    /// Reads a block in CIDR notation; nil for anything else.
    ///
    /// Bits behind the prefix are allowed, as CEL does, and make no difference to which addresses are in it.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard let slash = unsafe text.firstIndex(of: UInt8(ascii: "/")),
            let address = unsafe Address(UnsafeBufferPointer(rebasing: text[..<slash]))
        else { return nil }
        let digits = unsafe text[(slash + 1)...]
        guard unsafe (1...3).contains(digits.count), unsafe digits.allSatisfy({ $0 &- 0x30 < 10 }),
            unsafe digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let prefix = unsafe Int(String(decoding: digits, as: UTF8.self)), prefix <= address.width,
            unsafe address.width == 128 || !text[..<slash].contains(UInt8(ascii: ":"))
        else { return nil }
        self.init(of: address, prefix: prefix)
    }

    /// The block of an address that has so many bits in common with it, at most as many as an address has.
    package init(of address: Address, prefix: Int) {
        let free = UInt128(address.width - prefix)
        self.address = Address(bits: free == 128 ? 0 : (address.bits >> free) << free, width: address.width)
        self.prefix = prefix
    }

    /// The number of bits of its addresses.
    package var width: Int { address.width }

    package func contains(_ other: Address) -> Bool {
        let free = address.width - prefix
        return other.width == address.width && (free == 128 || (address.bits ^ other.bits) >> UInt128(free) == 0)
    }
}

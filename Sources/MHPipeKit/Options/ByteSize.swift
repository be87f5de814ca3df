/// A number of bytes, written with a unit: `64MiB`, `4 GiB`, `500kB`, or plain `1048576`.
public struct ByteSize: OptionValue, Hashable, Comparable {
    /// The bytes.
    public var bytes: Int

    /// States a size.
    ///
    /// - Parameter bytes: The bytes, not negative.
    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// What the user has to write.
    public static var typeName: String { "a size such as 64MiB" }

    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000),
        ("B", 1), ("", 1),
    ]

    /// Reads digits and a unit; the case of the unit does not matter.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` for anything else.
    public init(config node: ConfigNode) throws(OptionError) {
        let text = node.text ?? ""
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = Int(digits), let factor = Self.units.first(where: { $0.name.lowercased() == unit })?.bytes,
            case let (bytes, overflow) = number.multipliedReportingOverflow(by: factor), !overflow
        else { throw OptionError("needs a size such as 64MiB, not \(node.shown)") }
        self.bytes = bytes
    }

    /// The size in the largest unit that divides it.
    public var optionText: String {
        let unit = Self.units.first { bytes > 0 && $0.bytes > 1 && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? String(bytes)
    }

    /// Compares the bytes.
    ///
    /// - Parameters:
    ///   - left: A size.
    ///   - right: Another.
    /// - Returns: True when the left one is smaller.
    public static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }
}

/// The attempt that this process is, where an engine makes several of the same task; it stands in all of its hidden names.
package enum RunAttempt {
    private static let name = Locked<String?>(nil)

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    /// Nil where nobody has named one.
    static var current: String? { name.withLock { $0 } }

    /// Names the attempt, before anything is opened.
    package static func begin(_ attempt: String) { name.withLock { $0 = attempt } }

    /// True for what can stand in the name of a file: 1 to 48 letters, digits, dots, hyphens and underscores of ASCII.
    package static func isName(_ text: some StringProtocol) -> Bool {
        (1...48).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || isLetter($0) || "._-".utf8.contains($0)
            }
    }
}

import MHPipeKit

/// Writes the object that takes the place of a record, member by member.
///
/// An object or list in which nothing is written is not there, so whoever writes need not ask before. Keys are ASCII.
final class RecordWriter {
    private struct Level {
        /// Nil in a list.
        var key: StaticString?
        let isList: Bool
        var isOpen = false
        var isEmpty = true
    }

    private let rewriter: RecordRewriter
    private var levels: [Level] = []
    /// How many of the levels are open, which are the first.
    private var openCount = 0
    private var digits: [UInt8] = []

    init(_ rewriter: RecordRewriter) {
        self.rewriter = rewriter
    }

    /// Writes an object in the place of tokens.
    func replace(_ tokens: Range<Int>, _ body: () -> Void) {
        rewriter.drop(tokens)
        rewriter.append(token: UInt8(ascii: "{"))
        levels.removeAll(keepingCapacity: true)
        levels.append(Level(key: nil, isList: false, isOpen: true))
        openCount = 1
        body()
        rewriter.append(token: UInt8(ascii: "}"))
    }

    func object(_ key: StaticString, _ body: () -> Void) { nest(Level(key: key, isList: false), body) }

    /// An element of a list that is an object.
    func object(_ body: () -> Void) { nest(Level(key: nil, isList: false), body) }

    func list(_ key: StaticString, _ body: () -> Void) { nest(Level(key: key, isList: true), body) }

    /// A string; nothing when the slice is missing.
    ///
    /// The bytes are what stands between quotes.
    func text(_ key: StaticString, _ slice: JSONSlice) {
        guard slice.isPresent else { return }
        begin(key)
        unsafe rewriter.append(string: slice.bytes)
    }

    /// A string that needs no escapes.
    func text(_ key: StaticString, _ text: StaticString) {
        begin(key)
        unsafe rewriter.append(string: Self.bytes(text))
    }

    /// A string; `bytes` are what stands between quotes.
    func text(_ key: StaticString, _ bytes: [UInt8]) {
        begin(key)
        unsafe bytes.withUnsafeBufferPointer { unsafe rewriter.append(string: $0) }
    }

    func number(_ key: StaticString, _ number: Int64) {
        begin(key)
        digits.removeAll(keepingCapacity: true)
        digits += String(number).utf8
        unsafe digits.withUnsafeBufferPointer { unsafe rewriter.append(scalar: $0) }
    }

    func bool(_ key: StaticString, _ value: Bool) {
        begin(key)
        unsafe rewriter.append(scalar: Self.bytes(value ? "true" : "false"))
    }

    /// A value of the record, as it stands there.
    func copy(_ key: StaticString, _ tokens: Range<Int>) {
        begin(key)
        rewriter.append(copyOf: tokens)
    }

    /// A value that `body` gives to the rewriter.
    func value(_ key: StaticString, _ body: (RecordRewriter) -> Void) {
        begin(key)
        body(rewriter)
    }

    /// An element of a list.
    func element(_ slice: JSONSlice) {
        guard slice.isPresent else { return }
        begin(nil)
        unsafe rewriter.append(string: slice.bytes)
    }

    /// An element of a list that needs no escapes.
    func element(_ text: StaticString) {
        begin(nil)
        unsafe rewriter.append(string: Self.bytes(text))
    }

    private func nest(_ level: Level, _ body: () -> Void) {
        levels.append(level)
        body()
        guard let last = levels.popLast(), last.isOpen else { return }
        openCount -= 1
        rewriter.append(token: last.isList ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    }

    /// Opens what is around the next value, and writes its key.
    private func begin(_ key: StaticString?) {
        while openCount < levels.count {
            let level = levels[openCount]
            write(key: level.key, in: openCount - 1)
            rewriter.append(token: level.isList ? UInt8(ascii: "[") : UInt8(ascii: "{"))
            levels[openCount].isOpen = true
            openCount += 1
        }
        write(key: key, in: openCount - 1)
    }

    private func write(key: StaticString?, in level: Int) {
        if !levels[level].isEmpty { rewriter.append(token: UInt8(ascii: ",")) }
        levels[level].isEmpty = false
        guard let key else { return }
        unsafe rewriter.append(string: Self.bytes(key))
        rewriter.append(token: UInt8(ascii: ":"))
    }

    private static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

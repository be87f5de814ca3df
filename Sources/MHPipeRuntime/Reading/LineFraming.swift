import Libc

/// Tells JSON lines from documents that span lines, by their first lines.
enum LineFraming {
    /// How much of a file is looked at; a first line that is longer begins a document.
    static let reach = 1 << 20

    private typealias Line = UnsafeBufferPointer<UInt8>.SubSequence

    /// True when every line stands for itself, nil when more text is needed to tell.
    ///
    /// The name of a file says nothing about it. A damaged first line does not hide the others: a document goes on
    /// behind a line only where a bracket is open, and no document has two whole objects without a comma between. A line
    /// that begins with a time is an exported log event. A text that begins with no bracket is no document, so a whole
    /// value on any of its lines stands for itself.
    ///
    /// - Parameters:
    ///   - text: The text from the start of the file.
    ///   - isWhole: True when that is all.
    /// - Returns: Whether it is JSON lines; never nil for a text that is whole or has `reach` bytes.
    static func isLines(_ text: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Bool? {
        let isAll = isWhole || text.count >= reach
        var rest = unsafe UnsafeBufferPointer(rebasing: text.prefix(reach))[...].drop { $0 <= UInt8(ascii: " ") }
        guard let first = unsafe line(&rest, isAll: false) else { return isAll ? false : nil }
        guard let next = unsafe rest.first else { return isAll ? isWhole : nil }
        if unsafe isWholeValue(first) || ExportedLine.prefix(first) != nil { return true }
        if unsafe !(first.first.map(isOpener) ?? true) {
            if unsafe hasValue(rest) { return true }
            guard isAll else { return nil }
        }
        if isOpener(next) {
            guard let second = unsafe line(&rest, isAll: isAll), let third = unsafe line(&rest, isAll: isAll) else {
                return nil
            }
            if unsafe [second, third].allSatisfy({ unsafe $0.first.map(isOpener) == true && isWholeValue($0) }) {
                return true
            }
        }
        if let isLineEnd = unsafe isLineEnd(after: lastByte(first), before: next) { return isLineEnd }
        return unsafe isAll || rest.count >= ExportedLine.longest ? ExportedLine.prefix(rest) != nil : nil
    }

    /// True when a line holds a whole value and nothing else, or what an exported log event begins with.
    private static func hasValue(_ lines: Line) -> Bool {
        var rest = unsafe lines
        while let line = unsafe line(&rest, isAll: true), unsafe !line.isEmpty {
            let isValue = unsafe line.first.map(isOpener) == true && isWholeValue(line)
            if unsafe isValue || ExportedLine.prefix(line) != nil { return true }
        }
        return false
    }

    /// Takes a line and the blanks behind it; nil when its end is not there, unless there is no more text.
    private static func line(_ rest: inout Line, isAll: Bool) -> Line? {
        let text = unsafe UnsafeBufferPointer(rebasing: rest)
        guard let length = unsafe text.firstLineEnd(from: 0) ?? (isAll ? text.count : nil) else { return nil }
        defer { unsafe rest = unsafe rest.dropFirst(length).drop { $0 <= UInt8(ascii: " ") } }
        return unsafe rest.prefix(length)
    }

    /// True when a line ends with a bracket and all its brackets pair.
    private static func isWholeValue(_ line: Line) -> Bool {
        guard unsafe [UInt8(ascii: "}"), UInt8(ascii: "]")].contains(lastByte(line)) else { return false }
        var open: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for index in unsafe line.indices {
            let byte = unsafe line[index]
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): guard open.popLast() == byte else { return false }
            default: break
            }
        }
        return open.isEmpty && !isInString
    }

    private static func isOpener(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }

    private static func lastByte(_ line: Line) -> UInt8 {
        unsafe line.last { $0 > UInt8(ascii: " ") } ?? 0
    }

    /// Nil when it depends on what the lines are.
    private static func isLineEnd(after last: UInt8, before next: UInt8) -> Bool? {
        switch (last, next) {
        case (UInt8(ascii: ","), _), (UInt8(ascii: ":"), _), (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): false
        case (_, UInt8(ascii: "{")), (_, UInt8(ascii: "[")): true
        case (_, UInt8(ascii: "}")), (_, UInt8(ascii: "]")), (_, UInt8(ascii: ",")), (_, UInt8(ascii: ":")): false
        case (UInt8(ascii: "}"), _), (UInt8(ascii: "]"), _): true
        default: nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The place of the first line feed at or behind an offset.
    func firstLineEnd(from start: Int) -> Int? {
        guard let base = baseAddress, start < count, let found = unsafe memchr(base + start, 0x0A, count - start) else {
            return nil
        }
        return unsafe base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
}

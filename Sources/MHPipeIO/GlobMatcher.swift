/// A step of a pattern.
enum GlobToken: Hashable, Sendable {
    case byte(UInt8)
    /// One character but a slash.
    case character
    /// One character but a slash that is in the ranges, or, negated, in none of them.
    case set([ClosedRange<UInt32>], isNegated: Bool)
    /// Any characters but slashes, also none.
    case star
    /// `**/`: any number of folders with the slash behind each, also none.
    case folders
    /// `**` at the end: anything, at least one byte.
    case below
}

/// Matches paths with a pattern that has no alternatives.
///
/// At most two steps are ever tried again, the last star and the last `**/`: what stands before them has matched as
/// early as possible, and a later match could not help. The cost is bounded by the square of the path's length.
struct GlobMatcher: Hashable, Sendable {
    private let tokens: [GlobToken]
    /// The end of the name, when the pattern asks for nothing else.
    private let suffix: [UInt8]?

    init(_ tokens: some Sequence<GlobToken>) {
        self.tokens = Array(tokens)
        let bytes = self.tokens.dropFirst(2).compactMap { token in if case .byte(let byte) = token { byte } else { nil }
        }
        let isSuffix = self.tokens.starts(with: [.folders, .star]) && bytes.count == self.tokens.count - 2
        suffix = isSuffix && !bytes.contains(slash) ? bytes : nil
    }

    func matches(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        if let suffix { return unsafe path.count >= suffix.count && path.suffix(suffix.count).elementsEqual(suffix) }
        var token = 0
        var place = 0
        var star: (token: Int, place: Int)?
        var folders: (token: Int, place: Int)?
        while true {
            if token == tokens.count {
                if place == path.count { return true }
            } else if case .folders = tokens[token] {
                folders = (token, place)
                star = nil
                token += 1
                continue
            } else if case .star = tokens[token] {
                star = (token, place)
                token += 1
                continue
            } else if let length = unsafe length(tokens[token], path, place) {
                token += 1
                place += length
                continue
            }
            if let last = star, last.place < path.count, unsafe path[last.place] != slash {
                place = unsafe last.place + character(path, last.place).length
                star = (last.token, place)
                token = last.token + 1
            } else if let last = folders, let end = unsafe path[last.place...].firstIndex(of: slash) {
                place = end + 1
                folders = (last.token, place)
                star = nil
                token = last.token + 1
            } else {
                return false
            }
        }
    }

    /// The number of bytes that a step takes at a place, or nil when it does not match there.
    private func length(_ token: GlobToken, _ path: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        guard place < path.count else { return nil }
        switch token {
        case .byte(let byte):
            return unsafe path[place] == byte ? 1 : nil
        case .character:
            return unsafe path[place] == slash ? nil : character(path, place).length
        case .set(let ranges, let isNegated):
            let (scalar, length) = unsafe character(path, place)
            let isIn = scalar.map { scalar in ranges.contains { $0.contains(scalar) } } ?? false
            return unsafe path[place] != slash && isIn != isNegated ? length : nil
        case .below:
            return path.count - place
        case .star, .folders:
            return nil
        }
    }

    /// The character at a place; a byte that is no part of UTF-8 text counts as one, with no scalar.
    private func character(_ path: UnsafeBufferPointer<UInt8>, _ place: Int) -> (scalar: UInt32?, length: Int) {
        let first = unsafe path[place]
        if first < 0x80 { return (UInt32(first), 1) }
        var bytes = unsafe path[place..<min(place + 4, path.count)].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = unsafe decoder.decode(&bytes) else { return (nil, 1) }
        return (scalar.value, UTF8.width(scalar))
    }
}

private let slash = UInt8(ascii: "/")

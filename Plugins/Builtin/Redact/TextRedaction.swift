import MHPipeKit
import MHPipeMatching

/// Finds what is to be hidden in texts, and what stands in its place.
final class TextRedaction {
    /// What becomes of what is found.
    enum Method: String, OptionChoice {
        case mask, hash, remove
    }

    let method: Method
    private let mask: [UInt8]
    private let digest: KeyedDigest?
    private let scanner: SecretScanner
    private let patterns: [RegularExpression]
    private let tokens: [TokenPatterns]
    private var found: [Range<Int>] = []

    /// - Parameters:
    ///   - method: What becomes of what is found.
    ///   - mask: What stands in its place, for `mask`.
    ///   - digest: What makes it, for `hash`.
    ///   - kinds: What to look for.
    ///   - patterns: What else.
    /// - Throws: `StageError` when a pattern of its own cannot be compiled.
    init(
        _ method: Method,
        mask: String,
        digest: KeyedDigest?,
        kinds: Set<SecretKind>,
        patterns: [RegularExpression]
    ) throws {
        self.method = method
        self.mask = Array(mask.utf8)
        self.digest = digest
        scanner = SecretScanner(kinds)
        self.patterns = patterns
        tokens = kinds.contains(.tokens) ? try SecretNames.patterns.map(TokenPatterns.init) : []
    }

    /// True when texts need not be looked at.
    var isIdle: Bool { scanner.isIdle && patterns.isEmpty && tokens.isEmpty }

    /// What stands in the place of a text as a whole.
    func replacement(for text: [UInt8]) -> [UInt8] {
        switch method {
        case .mask: mask
        case .hash: digest?.hexDigits(of: text) ?? mask
        case .remove: []
        }
    }

    /// The text without what is to be hidden; nil when there is nothing of it.
    ///
    /// Where a pattern cannot be decided, because it needs too many steps, all of the text is hidden.
    func redacted(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        found.removeAll(keepingCapacity: true)
        let traits = unsafe TextTraits(of: text)
        unsafe scanner.find(in: text, traits, &found)
        for pattern in patterns {
            guard unsafe find(pattern, in: text) else { return unsafe replacement(for: Array(text)) }
        }
        for group in tokens where unsafe group.mayMatch(text, traits) {
            for pattern in group.patterns {
                guard unsafe find(pattern, in: text) else { return unsafe replacement(for: Array(text)) }
            }
        }
        guard !found.isEmpty else { return nil }
        found.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        var output: [UInt8] = []
        var place = 0
        var next = 0
        while next < found.count {
            // What overlaps is hidden as one.
            var range = found[next]
            next += 1
            while next < found.count, found[next].lowerBound < range.upperBound {
                range = range.lowerBound..<max(range.upperBound, found[next].upperBound)
                next += 1
            }
            unsafe output += text[place..<range.lowerBound]
            unsafe output += replacement(for: Array(text[range]))
            place = range.upperBound
        }
        return unsafe output + text[place...]
    }

    /// Notes where a pattern matches; false when that cannot be decided.
    private func find(_ pattern: RegularExpression, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (start, end) = (0, 0)
        var range = 0..<0
        while start <= text.count {
            switch unsafe pattern.search(text, from: start, range: &range, end: &end) {
            case .noMatch: return true
            case .gaveUp: return false
            case .match:
                if !range.isEmpty { found.append(range) }
                // A match of nothing would come again for ever; the next one begins behind a whole character.
                start = end > start ? end : start + 1
                while start < text.count, start > 0, unsafe text[start] & 0xC0 == 0x80 { start += 1 }
            }
        }
        return true
    }
}

import MHPipeKit
import MHPipeMatching

/// Patterns for tokens that are searched for only in the few texts in which any of them can match.
struct TokenPatterns {
    let patterns: [RegularExpression]
    private let needs: TextTraits
    /// Matches where any of the patterns does.
    private let anyOfThem: RegularExpression

    /// Compiles patterns.
    ///
    /// - Parameters:
    ///   - needs: A text has at least one of these where a pattern matches.
    ///   - patterns: The patterns.
    /// - Throws: `StageError` when one cannot be compiled.
    init(needs: TextTraits, patterns: [String]) throws {
        func compile(_ pattern: String) throws -> RegularExpression {
            do throws(RegularExpressionError) {
                return try RegularExpression(pattern)
            } catch {
                throw StageError("a pattern for tokens is wrong at \(error.offset): \(error.reason)")
            }
        }
        self.needs = needs
        self.patterns = try patterns.map(compile)
        anyOfThem = try compile(patterns.map { "(?:\($0))" }.joined(separator: "|"))
    }

    /// False when no pattern matches in a text with these traits.
    func mayMatch(_ text: UnsafeBufferPointer<UInt8>, _ traits: TextTraits) -> Bool {
        unsafe !traits.isDisjoint(with: needs) && anyOfThem.search(text) != .noMatch
    }
}

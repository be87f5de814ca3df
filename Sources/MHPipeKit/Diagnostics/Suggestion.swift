/// "Did you mean": the known word nearest to a mistyped one.
public enum Suggestion {
    /// Finds the word that was probably meant.
    ///
    /// - Parameters:
    ///   - typed: What the user wrote.
    ///   - known: The words that would have been right.
    /// - Returns: The nearest word at an edit distance of at most a third of its length, and of 3; nil when none is
    ///   near, so that a suggestion is never a guess.
    public static func nearest(to typed: String, among known: some Sequence<String>) -> String? {
        known.lazy
            .compactMap { word in distance(of: typed, to: word).map { (word: word, distance: $0) } }
            .min { $0.distance < $1.distance }?
            .word
    }

    /// The edits between two words that are near to each other; nil for others.
    private static func distance(of typed: String, to word: String) -> Int? {
        var (letters, others) = (Array(typed.lowercased()), Array(word.lowercased()))
        // What all services of AWS have in common makes no two of them alike.
        if letters.ends(with: domain), others.ends(with: domain) {
            letters.removeLast(domain.count)
            others.removeLast(domain.count)
        }
        let distance = distance(letters, others)
        return distance <= min(3, max(others.count, letters.count) / 3) ? distance : nil
    }

    private static let domain = Array(".amazonaws.com")

    /// The label for a diagnostic, or nil without a suggestion.
    ///
    /// - Parameters:
    ///   - typed: What the user wrote.
    ///   - known: The words that would have been right.
    /// - Returns: `did you mean 'word'?`
    public static func label(for typed: String, among known: some Sequence<String>) -> String? {
        nearest(to: typed, among: known).map { "did you mean '\($0)'?" }
    }

    /// The edits (insert, delete, replace, swap neighbours) between two words.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}

extension [Character] {
    fileprivate func ends(with other: [Character]) -> Bool { suffix(other.count).elementsEqual(other) }
}

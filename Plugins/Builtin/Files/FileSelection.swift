import MHPipeIO
import MHPipeKit
import Synchronization

/// Which files below a folder are read.
struct FileSelection: Sendable {
    /// Patterns of which a file has to match one; nil for the names of logs.
    let include: [Glob]?
    let exclude: [Glob]
    /// The events that are asked for; nil for all.
    var events: EventSelection?

    /// What becomes of a file, by its path below the folder.
    func choice(of path: [UInt8], noting matches: PatternMatches) -> FileChoice {
        let isIncluded = include.map { matches.isMatch(path, of: $0) }
        if exclude.contains(where: { $0.matches(path) }) { return .leftOut }
        return switch isIncluded {
        case true?: .read
        case false?: .leftOut
        case nil: LogName.isLog(path) ? .read : .other
        }
    }

    /// True for a folder that is passed over with all that is below it.
    func skips(_ path: [UInt8]) -> Bool {
        exclude.contains { $0.matchesFolder(path) }
    }

    /// The key of a file or folder that holds nothing of what is asked for, and by what; nil when it may.
    func pruned(_ key: CloudTrailKey?) -> (key: CloudTrailKey, by: EventSelection.Field)? {
        guard let key, let field = events?.excluding(key) else { return nil }
        return (key, field)
    }
}

/// Which patterns of a list have matched something; any thread may note it.
final class PatternMatches: Sendable {
    private let found = Atomic<UInt64>(0)

    /// True when a path matches one of the patterns.
    ///
    /// Those that have matched nothing so far are tried even where another one matches.
    func isMatch(_ path: [UInt8], of patterns: [Glob]) -> Bool {
        let known = found.load(ordering: .relaxed)
        var isMatch = false
        for (number, pattern) in patterns.enumerated() {
            let isOpen = number < UInt64.bitWidth && known & (1 << UInt64(number)) == 0
            guard isOpen || !isMatch, pattern.matches(path) else { continue }
            isMatch = true
            if isOpen { found.bitwiseOr(1 << UInt64(number), ordering: .relaxed) }
        }
        return isMatch
    }

    /// The patterns that have matched nothing; of very many only the first 64 are known.
    func unmatched(of patterns: [Glob]) -> [Glob] {
        let known = found.load(ordering: .relaxed)
        return zip(0..<UInt64(UInt64.bitWidth), patterns).filter { known & (1 << $0.0) == 0 }.map(\.1)
    }
}

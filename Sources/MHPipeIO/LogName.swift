/// The names of files that hold CloudTrail records.
package enum LogName {
    /// What CloudTrail writes, what other tools make of it, and what mhpipe writes itself.
    package static let endings = [".json", ".jsonl", ".ndjson"]
    /// What may stand behind.
    package static let packers = [".gz", ".zst"]

    /// The endings in words.
    package static let text = ".json, .jsonl or .ndjson, each also with .gz or .zst"

    private static let all: [[UInt8]] = endings.flatMap { ending in
        ([""] + packers).map { Array((ending + $0).utf8) }
    }

    /// Tells whether a name ends like that of a log, whatever its case.
    ///
    /// - Parameter path: The bytes of the name, or of a path to it.
    /// - Returns: True when it does.
    package static func isLog(_ path: [UInt8]) -> Bool {
        all.contains { ending in
            path.count >= ending.count
                && path.suffix(ending.count).elementsEqual(ending) { $0 == $1 || ($0 | 0x20 == $1 && $0 & 0x40 != 0) }
        }
    }
}

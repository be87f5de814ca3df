/// A way to store the same events.
enum CorpusForm: String, CaseIterable {
    /// The files as CloudTrail delivers them.
    case gzip
    /// The same files, not compressed.
    case json
    /// The same files as JSON lines, not compressed.
    case jsonl
    /// All events in one document, not compressed.
    case document

    var suffix: String {
        switch self {
        case .gzip: ".json.gz"
        case .json, .document: ".json"
        case .jsonl: ".jsonl"
        }
    }
}

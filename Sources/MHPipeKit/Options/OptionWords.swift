/// What people call an option that has another name.
enum OptionWords {
    /// The option that was meant.
    ///
    /// - Parameters:
    ///   - word: A key that no option has.
    ///   - known: The keys of the options.
    ///   - written: What stands beside it; such a key is hardly meant again.
    /// - Returns: One of `known`; nil when none is near, and none is called so elsewhere.
    static func key(meantBy word: String, among known: [String], beside written: [ConfigEntry]) -> String? {
        if let near = Suggestion.nearest(to: word, among: known) { return near }
        let word = plain(word)
        return known.first { key in
            !written.contains { $0.key == key } && (plain(key) == word || others[key]?.contains(word) == true)
        }
    }

    /// Without regard to case and what joins words.
    private static func plain(_ word: String) -> String {
        String(word.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    private static let others: [String: Set<String>] = [
        "path": [
            "file", "files", "filename", "folder", "directory", "dir", "output", "out", "dest", "destination", "target",
            "location", "url", "uri", "input",
        ],
        "columns": ["fields", "cols", "select", "keys"],
        "table": ["tablename", "into", "relation"],
        "excel": ["xlsx", "forexcel", "msexcel", "spreadsheet", "bom", "byteordermark"],
        "header": ["heading", "columnnames"],
        "field": ["column", "key", "name", "property", "on"],
        "equals": ["eq", "value", "is", "equal", "text"],
        "any_of": ["in", "values", "oneof", "anyof", "any", "isin", "texts"],
        "matches": ["regex", "regexp", "pattern", "re", "like", "match", "contains", "prefix", "suffix"],
        "exists": ["has", "present", "defined", "isset"],
        "not": ["invert", "negate", "inverse"],
        "include": ["pattern", "patterns", "glob", "globs", "match", "only", "files"],
        "exclude": ["ignore", "skip", "except"],
        "services": ["service", "sources"],
        "accounts": ["account", "accountid", "accountids", "recipientaccountid"],
        "regions": ["region", "awsregion"],
        "since": ["from", "after", "start", "starttime", "begin", "newerthan"],
        "until": ["to", "before", "end", "endtime", "till", "olderthan"],
        "late": ["slack", "lateness", "delay"],
        "command": ["cmd", "program", "run", "exec", "script", "args", "argv"],
        "timeout": ["deadline", "wait"],
        "restarts": ["retries", "retry", "attempts"],
        "as": ["name", "into", "key", "column", "prefix"],
        "inputs": ["from", "input", "source", "sources", "after", "needs", "dependson"],
        "connection": ["dsn", "url", "uri", "host", "database", "connectionstring"],
    ]
}

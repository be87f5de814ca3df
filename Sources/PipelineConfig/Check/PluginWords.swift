import MHPipeKit

/// What people call a plugin that has another name, or stands in a package of its own.
enum PluginWords {
    /// The plugin that a word means, when the program has it.
    ///
    /// - Parameters:
    ///   - word: What stands under `type`.
    ///   - kind: The kind of the stage.
    ///   - known: The names of the plugins of that kind.
    /// - Returns: One of `known`; nil when the word means none of them.
    static func plugin(meantBy word: String, _ kind: PluginDescription.Kind, among known: [String]) -> String? {
        let word = plain(word)
        let meant = others[kind]?.first { $0.words.contains(word) }?.name
        return meant.flatMap { known.contains($0) ? $0 : nil } ?? known.first { plain($0) == word }
    }

    /// A plugin that has to be built, or fetched.
    struct Package {
        let plugin: String
        let kind: PluginDescription.Kind
        /// Where it is.
        let note: String
    }

    /// The plugin of a package of its own that a word means.
    static func package(of word: String) -> Package? {
        let word = plain(word)
        return packages.first { package in
            package.plugin == word
                || others[package.kind]?.contains { $0.name == package.plugin && $0.words.contains(word) } == true
        }
    }

    /// Without regard to case and what joins words.
    private static func plain(_ word: String) -> String {
        String(word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." })
    }

    private static let others: [PluginDescription.Kind: [(name: String, words: Set<String>)]] = [
        .source: [
            ("directory", ["folder", "dir", "dirs", "directories", "folders", "tree", "path", "cloudtrail", "trail"]),
            ("file", ["files", "json", "jsonl", "jsonlines", "ndjson", "gzip", "gz", "stdin", "input"]),
            ("synthetic", ["fake", "generate", "generator", "random", "sample", "demo"]),
            ("exec", ["command", "cmd", "program", "process", "shell", "script", "pipe", "subprocess"]),
        ],
        .transform: [
            ("migration_hub", ["hub", "mgh", "migration", "awsmigrationhub"]),
            ("identity", ["useridentity", "who", "caller", "user", "principal", "enrichidentity", "addidentity"]),
            ("call", ["calls", "what", "outcome", "action", "enrichcall", "addcall"]),
            ("filter", ["where", "grep", "match", "matches", "keep", "drop", "include", "exclude"]),
            (
                "lookup",
                ["join", "enrich", "table", "mapping", "translate", "enrichmenttable", "accounts", "cidr"]
            ),
            ("route", ["router", "routing", "switch", "branch", "split", "fork", "tee", "partition"]),
            ("sample", ["sampling", "sampler", "subset", "thin"]),
            ("time_bucket", ["bucket", "window", "hour", "truncate", "timewindow", "floor"]),
            ("parse_json", ["json", "jsonparse", "fromjson", "parse", "decode", "policy"]),
            (
                "redact",
                ["mask", "hash", "anonymize", "anonymise", "pseudonymize", "scrub", "censor", "hide", "obfuscate"]
            ),
            ("select", ["project", "projection", "fields", "pick", "only", "selectfields", "keepfields"]),
            ("remove", ["delete", "del", "omit", "without", "removefields", "dropfields", "prune"]),
            ("rename", ["renamefields", "alias", "move", "mapfields", "renamefield"]),
            ("exec", ["command", "cmd", "program", "process", "shell", "script", "pipe", "map", "subprocess"]),
            ("dedupe", ["deduplicate", "dedup", "distinct", "unique", "uniq", "duplicates", "removeduplicates"]),
            ("sort", ["order", "orderby", "sortby", "bytime", "chronological", "reorder"]),
            ("aggregate", ["group", "groupby", "count", "stats", "summarize", "summarise", "tally", "reduce"]),
            ("resolve_roles", ["resolve", "roles", "origin", "rolechain", "chain", "assumerole", "resolveroles"]),
            ("geoip", ["geo", "geoip2", "maxmind", "geolite", "geolite2", "geolocation", "country"]),
        ],
        .sink: [
            ("jsonl", ["jsonlines", "jsonline", "ndjson", "json", "lines", "stdout", "console", "print", "file"]),
            ("csv", ["excel", "xlsx", "spreadsheet", "tsv", "commaseparated"]),
            ("sqlite", ["sqlite3", "db", "database", "sql"]),
            ("postgresql", ["postgres", "pg", "psql", "pgsql", "postgre", "rds"]),
            ("parquet", ["apacheparquet", "parquetsink", "arrow", "pyarrow", "athena", "datalake", "lake"]),
            ("exec", ["command", "cmd", "program", "process", "shell", "script", "pipe", "subprocess"]),
        ],
    ]

    private static let packages = [
        Package(
            plugin: "parquet",
            kind: .sink,
            note: "Plugins/Parquet writes Parquet files, as a program for `type: exec`; its README shows the stage"
        ),
        Package(
            plugin: "postgresql",
            kind: .sink,
            note: "the package Plugins/PostgreSQL has `type: postgresql`; its README says how to build it"
        ),
        Package(
            plugin: "geoip",
            kind: .transform,
            note: "the package Plugins/GeoIP has `type: geoip`; its README says how to build it"
        ),
    ]
}

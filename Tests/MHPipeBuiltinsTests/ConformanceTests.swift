import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeRuntime
import MHPipeTestSupport
import MHPipeTesting
import Testing

@testable import MHPipeBuiltins

/// Every plugin of the built-in list through the checks that hold for any plugin.
@Suite("conformance", .timeLimit(.minutes(30))) struct ConformanceTests {
    /// Options to try each plugin with; a plugin that is added to the list needs an entry here.
    private static let samples: [String: [PluginSample]] = [
        "source directory": [
            PluginSample("path: ${FOLDER}"), PluginSample("path: ${FOLDER}\ninclude: '*.json'\nexclude: [sub/]"),
        ],
        "source file": [
            PluginSample("path: ${FOLDER}/a.json"),
            PluginSample("path: [\"${FOLDER}/sub/c.jsonl\", \"${FOLDER}/a.json\"]"),
        ],
        "source list": [PluginSample("path: ${FOLDER}/files.txt")],
        "source s3": bucket.map { [PluginSample($0.options)] } ?? [],
        "source sqs": queue.map { [PluginSample($0.queueOptions)] } ?? [],
        "source notifications": queue.map { [PluginSample($0.fileOptions)] } ?? [],
        "source synthetic": [
            PluginSample("events: 40"),
            PluginSample("bytes: 50kB\nseed: 2\naccounts: 1\nregions: [eu-west-1]"),
        ],
        "transform migration_hub": [
            PluginSample(), PluginSample("services: all\nwrites_only: true\nas: hub"),
            PluginSample("actions: [NotifyMigrationTaskState, X]"),
        ],
        "transform identity": [PluginSample(), PluginSample("as: eventName")],
        "transform call": [PluginSample(), PluginSample("as: eventName")],
        "transform filter": [
            PluginSample("field: eventName\nexists: true"),
            PluginSample("field: userIdentity.type\nmatches: ^A\nnot: true"),
            PluginSample("field: eventName\nany_of: [escaped, b, GetObject]"), PluginSample("field: a.0\nequals: 1"),
        ],
        "transform lookup": [
            PluginSample("table: \"\(tables)/accounts.csv\"\nfield: recipientAccountId\nas: account"),
            PluginSample(
                "table: \"\(tables)/accounts.csv\"\nfield: eventName\nas: eventName\nmatch: prefix\nkey: name"
            ),
            PluginSample("table: \"\(tables)/networks.json\"\nfield: sourceIPAddress\nas: net\nmatch: cidr"),
        ],
        "transform route": [
            PluginSample("ports: {a: has(eventName), b: 'userIdentity.type == \"A\"'}"),
            PluginSample("ports: {a: has(eventName), b: has(x)}\nmatch: all\nelse: rest"),
        ],
        "transform sample": [PluginSample("rate: 0.5"), PluginSample("rate: 1/3\nby: eventName\nseed: 7")],
        "transform time_bucket": [
            PluginSample("every: 1h"), PluginSample("every: 7d\nfield: eventTime\nas: eventName"),
        ],
        "transform parse_json": [
            PluginSample("fields: [eventName, userIdentity, requestParameters]"),
            PluginSample("fields: [requestParameters, x]\nnested: true"),
        ],
        "transform redact": [
            PluginSample("kinds: [access_keys, tokens, addresses, account_ids]"),
            PluginSample("fields: [userIdentity, a.0]\nmethod: remove"), PluginSample("patterns: ['e(v)', '[0-9]+']"),
        ],
        "transform select": [PluginSample("fields: [eventName, userIdentity.type, a.0, zzz]")],
        "transform remove": [PluginSample("fields: [eventName, userIdentity.type, a.0, zzz, '\"\"']")],
        "transform ocsf": [PluginSample(), PluginSample("version: 1.8.0")],
        "transform ecs": [PluginSample(), PluginSample("unmapped: true")],
        "transform rename": [
            PluginSample("fields: {eventName: n, n: eventName}"), PluginSample("fields: {userIdentity.type: kind}"),
            PluginSample("fields: {userIdentity.type: userIdentity.kind, a: eventTime}"),
        ],
        "source exec": [
            PluginSample("command: [cat, \"${FOLDER}/a.json\"]\nrestarts: 0"),
            PluginSample("command: [sh, -c, 'cat \"$0\"/sub/*', \"${FOLDER}\"]\nrestarts: 0"),
        ],
        "transform exec": [
            PluginSample("command: cat"),
            PluginSample("command: [sed, -u, '/eventName/!s/.*/null/']"),
        ],
        "transform dedupe": [
            PluginSample(), PluginSample("by: [n]"), PluginSample("by: [eventName]\nverify: true\nmemory: 64KiB"),
        ],
        "transform sort": [
            PluginSample(), PluginSample("by: [n, userIdentity]\ndescending: true\nmemory: 64KiB"),
        ],
        "transform aggregate": [
            PluginSample("by: [eventName]\nfirst: [n, eventName]\nlast: [userIdentity]\ndistinct: [n, eventName]"),
            PluginSample("by: [userIdentity.type, n]\ndistinct: [eventName]\ndistinct_limit: 1\nmemory: 64KiB"),
        ],
        "transform resolve_roles": [PluginSample(), PluginSample("as: eventName\nmemory: 64KiB")],
        "sink exec": [
            PluginSample(
                "command: [\"\(keepFile)\", \"${FOLDER}/out.jsonl\"]\nprotocol: handshake\nwrites: \"${FOLDER}/out.jsonl\""
            )
        ],
        "sink jsonl": [
            PluginSample("path: ${FOLDER}/out.jsonl"),
            PluginSample("path: ${FOLDER}/out.jsonl.gz", contents: unzipped),
            PluginSample("path: ${FOLDER}/lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl"),
            PluginSample("path: ${FOLDER}/lake/{eventName}-{userIdentity.type}.jsonl.gz", contents: unzipped),
        ],
        "sink csv": [
            PluginSample("path: ${FOLDER}/out.csv"), PluginSample("path: ${FOLDER}/out.csv.gz", contents: unzipped),
            PluginSample("path: ${FOLDER}/out.csv\ncolumns: [n, userIdentity]\nheader: false"),
            PluginSample("path: ${FOLDER}/lake/{eventSource}/{eventName}.csv"),
        ],
        "sink report": [PluginSample("path: ${FOLDER}/out.html")],
        "sink sqlite": [
            PluginSample("path: ${FOLDER}/out.db", contents: { try SQLiteDump.text(of: $0, leavingOut: "mhpipe_") }),
            PluginSample(
                "path: ${FOLDER}/out.db\ntable: t\ncolumns: [n]",
                contents: { try SQLiteDump.text(of: $0, leavingOut: "mhpipe_") }
            ),
        ],
    ]

    private static let bucket = try? StillBucket([
        "a.json": #"{"eventVersion":"1","eventName":"a","n":1}"#,
        "b/c.jsonl": #"{"eventVersion":"1","eventName":"b","n":2}"# + "\n",
    ])

    private static let queue = try? FolderQueue()

    private static let tables = Repository.root.appending(path: "pipelines/tables").path(percentEncoded: false)

    private static let keepFile = Repository.root.appending(path: "Plugins/Exec/keep_file.sh").path(
        percentEncoded: false
    )

    private static let plugins = PluginRegistry.builtin

    private static let engine: ConformanceEngine = { plan, started in
        let run = PipelineRun(plan)
        started { run.cancel() }
        _ = try run.run()
    }

    @Test func everyPluginHasSamples() {
        let names = Self.plugins.descriptions.map { "\($0.kind.rawValue) \($0.name)" }
        #expect(Set(names) == Set(Self.samples.keys))
        #expect(Self.samples.values.allSatisfy { !$0.isEmpty })
    }

    @Test func everyPluginSaysWhatItDoesAndReadsItsOptions() {
        for finding in PluginConformance.declarations(Self.plugins) { Issue.record("\(finding)") }
    }

    @Test(arguments: plugins.sources.map { $0.name })
    func everySourceHandsOutTheSameUnits(name: String) throws {
        let type = try #require(Self.plugins.source(name))
        for sample in Self.samples["source \(name)"] ?? [] {
            for finding in try PluginConformance.source(type, sample, engine: Self.engine) {
                Issue.record("\(sample.options): \(finding)")
            }
        }
    }

    @Test(arguments: plugins.transforms.map { $0.name })
    func everyTransformLooksAtOneEventAtATime(name: String) throws {
        let type = try #require(Self.plugins.transform(name))
        for sample in Self.samples["transform \(name)"] ?? [] {
            let findings = try PluginConformance.transform(
                type,
                sample,
                records: SampleRecords.nasty,
                engine: Self.engine
            )
            for finding in findings { Issue.record("\(sample.options): \(finding)") }
        }
    }

    @Test(arguments: plugins.sinks.map { $0.name })
    func everySinkReplacesItsOutputWhenItCommits(name: String) throws {
        let type = try #require(Self.plugins.sink(name))
        for sample in Self.samples["sink \(name)"] ?? [] {
            for finding in try PluginConformance.sink(type, sample, engine: Self.engine) {
                Issue.record("\(sample.options): \(finding)")
            }
        }
    }

    /// A plugin whose file is there is in the list, and each in the list has a file of its own.
    @Test func everyPluginFileIsRegistered() throws {
        let kinds: [(folder: String, suffix: String, types: [String])] = [
            ("Sources", "Source", Self.plugins.sources.map { String(describing: $0) }),
            ("Transforms", "Transform", Self.plugins.transforms.map { String(describing: $0) }),
            ("Sinks", "Sink", Self.plugins.sinks.map { String(describing: $0) }),
        ]
        for (folder, suffix, types) in kinds {
            let path = Repository.root.appending(path: "Plugins/Builtin/\(folder)").path(percentEncoded: false)
            let files = try FileManager.default.contentsOfDirectory(atPath: path)
            let plugins = files.filter { $0.hasSuffix("\(suffix).swift") }.map { String($0.dropLast(6)) }
            #expect(plugins.sorted() == types.sorted(), "Plugins/Builtin/\(folder)")
        }
    }

    /// The text of a gzip file, all members of it.
    private static let unzipped: @Sendable (String) throws -> String = { path in
        let gzip = GzipReader()
        gzip.start({ _ in 0 }, prefix: Array(try Data(contentsOf: URL(filePath: path))))
        var room = [UInt8](repeating: 0, count: 256 << 10)
        var text: [UInt8] = []
        while case let count = try room.withUnsafeMutableBytes({ try gzip.read(into: $0) }), count > 0 {
            text += room.prefix(count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins
@testable import MHPipeSynthetic

@Suite(.timeLimit(.minutes(30))) struct SyntheticSourceTests {
    private static func listing(_ options: [String: String]) throws -> SourceListing {
        let entries = options.mapValues { ConfigNode(.text($0)) }
        return try SourceListing(SyntheticSource.self, #require(decodeOptions(SyntheticSource.self, entries).0))
    }

    /// The records of some files, as JSON.
    private static func records(_ trail: SyntheticTrail, events: Int) -> [[UInt8]] {
        trail.files(events: events).flatMap { file in
            var text: [UInt8] = []
            file.appendRecords(separatedBy: UInt8(ascii: "\n"), to: &text)
            return text.split(separator: UInt8(ascii: "\n")).map(Array.init)
        }
    }

    /// Some thousands of events, made once for all tests of their shape.
    private static let sample = records(SyntheticTrail(seed: 7, migrationHubMillionths: 200_000), events: 12_000)

    /// FNV-1a.
    private static func hash(_ texts: some Sequence<String>) -> UInt64 {
        texts.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// A change here changes what every bench and every example reads: record it on purpose.
    @Test func `the same options give the same bytes, on every machine`() throws {
        let listing = try Self.listing(["events": "300", "seed": "42"])
        let texts = try listing.units.indices.map { try listing.text($0) }
        #expect(Self.hash(listing.names + texts) == 1_161_444_874_232_879_534)
    }

    @Test func `another seed gives other events`() throws {
        let first = try Self.listing(["events": "5"]).text(0)
        let second = try Self.listing(["events": "5", "seed": "2"]).text(0)
        #expect(first != second)
    }

    @Test func `clustered calls of Migration Hub are in few accounts and days, and as many`() throws {
        let events = 60_000
        let even = Array(SyntheticTrail(seed: 1, accounts: 8).files(events: events))
        let clustered = Array(SyntheticTrail(seed: 1, spread: .clustered, accounts: 8).files(events: events))
        #expect(even.map(\.name) == clustered.map(\.name))
        let holding = clustered.filter { $0.hubEvents > 0 }
        #expect(Set(even.filter { $0.hubEvents > 0 }.map(\.account)).count == 8)
        #expect(Set(holding.map(\.account)) == [1, 5])
        let days = Set(holding.map { ($0.slot - SyntheticTrail.start) / 86_400 })
        #expect(!days.isEmpty && days.allSatisfy { $0 % 7 < 2 })
        let count = clustered.reduce(0) { $0 + $1.hubEvents }
        #expect(500...600 ~= count, "\(count) of about 600")
    }

    @Test func `a longer trail begins with the files of a shorter one`() throws {
        let short = try Self.listing(["events": "500"])
        let long = try Self.listing(["events": "1000"])
        #expect(short.names.count > 3)
        #expect(long.names.starts(with: short.names))
        #expect(try long.text(0) == short.text(0))
    }

    @Test(arguments: [1, 7, 1000, 4321])
    func `the files hold as many events as were asked for`(events: Int) {
        let files = SyntheticTrail(seed: 3).files(events: events)
        #expect(files.reduce(0) { $0 + $1.events } == events)
        #expect(Self.records(SyntheticTrail(seed: 3), events: events).count == events)
    }

    @Test func `every record is JSON in which each place is filled`() throws {
        for record in Self.sample {
            let text = String(decoding: record, as: UTF8.self)
            let value = try #require(JSONValue(parsing: text), "\(text)")
            #expect(value["eventID"]?.string?.count == 36)
            #expect(!text.contains("<<"), "\(text)")
        }
    }

    @Test(arguments: [0, 1_000, 10_000, 500_000, 1_000_000])
    func `Migration Hub gets its share, and its transform keeps just that`(millionths: Int) throws {
        let trail = SyntheticTrail(seed: 5, migrationHubMillionths: millionths)
        let planned = trail.files(events: 3000).reduce(0) { $0 + $1.hubEvents }
        #expect(abs(planned - 3000 * millionths / 1_000_000) <= 20)
        let run = try TransformRun(MigrationHubTransform.self)
        let kept = try run.batch(Self.records(trail, events: 3000).map { String(decoding: $0, as: UTF8.self) })
        #expect(kept.count == planned)
    }

    @Test func `records have the sizes of real ones`() {
        let sizes = Self.records(SyntheticTrail(seed: 1), events: 20_000).map(\.count).sorted()
        #expect(1_000...1_200 ~= sizes[sizes.count / 10])
        #expect(1_350...1_600 ~= sizes[sizes.count / 2])
        #expect(2_500...3_100 ~= sizes[sizes.count * 99 / 100])
        #expect(20_000...120_000 ~= sizes[sizes.count - 1])
    }

    @Test func `files have a few records, and some have hundreds`() {
        let sizes = SyntheticTrail(seed: 1).files(events: 200_000).map(\.events).sorted()
        #expect(3...8 ~= sizes[sizes.count / 10])
        #expect(18...35 ~= sizes[sizes.count / 2])
        #expect(500...1_000 ~= sizes[sizes.count * 99 / 100])
    }

    @Test func `all kinds of identity come up, in all accounts and regions`() throws {
        let run = try TransformRun(IdentityTransform.self)
        let batch = try run.batch(Self.sample.map { String(decoding: $0, as: UTF8.self) })
        func values(_ keys: String...) -> Set<String> { Set(batch.compactMap { $0[FieldPath(keys: keys)]?.string }) }
        let kinds = [
            "root", "iam_user", "role", "federated_user", "federated_sign_in", "identity_center", "service",
            "cross_account", "unknown",
        ]
        #expect(values("identity", "kind") == Set(kinds))
        #expect(values("recipientAccountId").count == 6)
        #expect(values("awsRegion") == Set(SyntheticTrail.standardRegions))
        #expect(values("eventSource").count > 30)
    }

    @Test(arguments: [
        (["events": "0"], "'events' needs a number of 1 or more, not '0'"),
        (["events": "5", "bytes": "1MB"], "'bytes' cannot stand beside 'events'; leave one of them out"),
        (["accounts": "0"], "'accounts' needs a number from 1 to 1000, not '0'"),
        (["regions": "EU \"west\""], "'regions' needs names of regions, such as eu-west-1, not 'EU \"west\"'"),
    ])
    func `options that make no trail are refused`(options: [String: String], message: String) throws {
        let entries = options.mapValues { ConfigNode(.text($0)) }
        let decoded = try #require(decodeOptions(SyntheticSource.self, entries).0)
        let error = #expect(throws: OptionError.self) {
            try SyntheticSource(decoded, PluginContext(stage: "test"))
        }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        ("1%", 10_000), ("0.01", 10_000), ("0.5%", 5_000), ("0", 0), ("100%", 1_000_000), ("0.00123%", 12),
    ])
    func `a share is a percentage or a fraction`(text: String, millionths: Int) throws {
        #expect(try Share(config: ConfigNode(.text(text))).millionths == millionths)
    }

    @Test(arguments: ["", "-1%", "101%", "1.5", "many", "1e-2", "."])
    func `what is no share is refused`(text: String) {
        #expect(throws: OptionError.self) { try Share(config: ConfigNode(.text(text))) }
    }

    @Test(arguments: [(10_000, "1%"), (5_000, "0.5%"), (12, "0.0012%"), (0, "0%"), (1_000_000, "100%")])
    func `a share is shown as a percentage`(millionths: Int, text: String) {
        #expect(Share(millionths: millionths).optionText == text)
    }

    @Test(arguments: [
        (0, "Jan 1, 1970, 12:00:00 AM", "19700101T0000Z"), (951_782_399, "Feb 28, 2000, 11:59:59 PM", "20000228T2359Z"),
        (951_782_400, "Feb 29, 2000, 12:00:00 AM", "20000229T0000Z"),
        (1_714_567_805, "May 1, 2024, 12:50:05 PM", "20240501T1250Z"),
    ])
    func `times are those of the calendar`(seconds: Int, spoken: String, compact: String) {
        #expect(TrailTime(seconds).spoken() == spoken)
        #expect(TrailTime(seconds).compact == compact)
    }
}

import MHPipeKit
import MHPipeSynthetic

/// Makes up a trail: events with the shapes, sizes and shares of real ones, in files as CloudTrail delivers them.
///
/// The same options give the same bytes, on any machine. Every name, id and address in them is made up. A longer trail
/// begins with the files of a shorter one.
struct SyntheticSource: Source {
    static let name = "synthetic"
    static let summary = "Makes up CloudTrail events, to try a pipeline without logs."

    struct Options: PluginOptions {
        var events: Int?
        var bytes: ByteSize?
        var seed = 1
        var migrationHubShare = Share(millionths: 10_000)
        var migrationHubSpread = MigrationHubSpread.even
        var accounts = 6
        var regions = SyntheticTrail.standardRegions

        static let all: [Option<Options>] = [
            .optional("events", \.events, "How many events; 10000 when 'bytes' is not given either.", example: "1000"),
            .optional(
                "bytes",
                \.bytes,
                "How much text, instead of a number of events; met to a few percent.",
                example: "100MB"
            ),
            .optional("seed", \.seed, "Another number makes other events."),
            .optional(
                "migration_hub_share",
                \.migrationHubShare,
                "How many of the events are calls of Migration Hub and its family.",
                example: "0.5%"
            ),
            .optional(
                "migration_hub_spread",
                \.migrationHubSpread,
                "Where those are: in all accounts and on all days alike, or in a quarter of the accounts and on two days of each week."
            ),
            .optional("accounts", \.accounts, "How many accounts the events come from, 1 to 1000."),
            .optional("regions", \.regions, "The regions, the busiest first.", example: "[eu-west-1, eu-central-1]"),
        ]
    }

    private let trail: SyntheticTrail
    private let events: Int

    static func canReadAgain(_ options: Options) -> Bool { false }

    init(_ options: Options, _ context: PluginContext) throws(OptionError) {
        guard options.events == nil || options.bytes == nil else {
            throw OptionError(option: "bytes", "cannot stand beside 'events'; leave one of them out")
        }
        if let events = options.events, events < 1 {
            throw OptionError(option: "events", "needs a number of 1 or more, not '\(events)'")
        }
        guard 1...1000 ~= options.accounts else {
            throw OptionError(option: "accounts", "needs a number from 1 to 1000, not '\(options.accounts)'")
        }
        guard !options.regions.isEmpty else {
            throw OptionError(option: "regions", "needs at least one region, such as eu-west-1")
        }
        if let name = options.regions.first(where: { !Self.isRegion($0) }) {
            throw OptionError(option: "regions", "needs names of regions, such as eu-west-1, not '\(name)'", at: name)
        }
        events = options.events ?? options.bytes.map { SyntheticTrail.events(inBytes: $0.bytes) } ?? 10_000
        trail = SyntheticTrail(
            seed: options.seed,
            migrationHubMillionths: options.migrationHubShare.millionths,
            spread: options.migrationHubSpread,
            accounts: options.accounts,
            regions: options.regions
        )
    }

    func list() -> any UnitList { Files(trail.files(events: events)) }

    private final class Files: UnitList {
        private var rest: IteratorSequence<SyntheticFiles>

        init(_ rest: IteratorSequence<SyntheticFiles>) {
            self.rest = rest
        }

        func next() -> NextUnit { rest.next().map(NextUnit.unit) ?? .end }
    }

    /// The names stand in paths and in JSON as they are.
    private static func isRegion(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
}

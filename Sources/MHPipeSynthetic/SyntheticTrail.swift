import MHPipeKit

/// A made-up trail: who takes part in it, and which files it has.
///
/// A file's events follow from the trail's seed and the file's number alone, so files can be made in any order and on
/// any number of workers.
package struct SyntheticTrail: Sendable {
    let seed: Int
    let accounts: [SyntheticAccount]
    let regions: [String]
    let migrationHubMillionths: Int
    let spread: MigrationHubSpread
    /// An account and a region, both as indexes.
    let places: WeightedChoice<(account: Int, region: Int)>

    package static let standardRegions = [
        "us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-southeast-2",
    ]

    /// 2024-05-01T00:00:00Z, in seconds since 1970.
    static let start = 1_714_521_600
    /// The mean time between files.
    static let secondsPerFile = 88

    /// Plans a trail.
    ///
    /// - Parameters:
    ///   - seed: Another number makes other events.
    ///   - migrationHubMillionths: How many of a million events are calls of the Migration Hub family.
    ///   - spread: Where those calls are.
    ///   - accounts: How many accounts take part, at least 1.
    ///   - regions: The regions, at least one, the busiest first.
    package init(
        seed: Int,
        migrationHubMillionths: Int = 10_000,
        spread: MigrationHubSpread = .even,
        accounts: Int = 6,
        regions: [String] = Self.standardRegions
    ) {
        self.seed = seed
        self.migrationHubMillionths = migrationHubMillionths
        self.spread = spread
        self.regions = regions
        let ids = SyntheticAccount.ids(accounts, seed: seed)
        self.accounts = ids.indices.map { SyntheticAccount(number: $0, among: ids, seed: seed) }
        places = WeightedChoice(
            (0..<accounts).flatMap { account in
                regions.indices.map { ((account, $0), 1 + 10_000 / ((account + 1) * (2 * $0 + 1))) }
            }
        )
    }

    /// The events in so many bytes of text, as near as can be told without making them.
    package static func events(inBytes bytes: Int) -> Int {
        max(1, bytes / 1_500)
    }

    /// The files of the trail, by their time.
    ///
    /// Calls of the Migration Hub family come in bursts: a quarter of the files hold them, or two thirds of those of a
    /// migration's accounts and days where they are clustered, and each such file catches up with the share. Now and then a file is delivered a second time, as CloudTrail does.
    ///
    /// - Parameter events: The events in all of them together.
    /// - Returns: The files, each made when it is asked for.
    package func files(events: Int) -> IteratorSequence<SyntheticFiles> {
        IteratorSequence(SyntheticFiles(self, events: events))
    }

    /// How many events a file has: a few in most, hundreds in some.
    ///
    /// Straight lines between the quantiles of a trail of some accounts.
    static func eventsPerFile(_ random: inout SyntheticRandom) -> Int {
        let quantiles = [
            (0, 1), (100, 5), (250, 10), (500, 25), (750, 62), (900, 156), (950, 270), (990, 706), (1000, 2400),
        ]
        let place = random.below(1000)
        for (low, high) in zip(quantiles, quantiles.dropFirst()) where place < high.0 {
            return low.1 + (high.1 - low.1) * (place - low.0) / (high.0 - low.0)
        }
        return 1
    }
}

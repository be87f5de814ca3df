package import MHPipeKit

/// One file of a made-up trail, as a unit of work.
package struct SyntheticFile: SourceUnit {
    let trail: SyntheticTrail
    /// Where the file comes in the trail.
    let number: Int
    /// The number of the file whose events these are: its own, unless they are delivered a second time.
    let content: Int
    /// Indexes into the trail's accounts and regions.
    var account = 0
    var region = 0
    /// The time at which it was delivered, in seconds since 1970.
    var slot = 0
    package internal(set) var events = 0
    /// How many of the events are calls of the Migration Hub family.
    package internal(set) var hubEvents = 0

    init(trail: SyntheticTrail, number: Int) {
        self.trail = trail
        self.number = number
        content = number
    }

    /// The same events, delivered again five minutes later.
    init(copying first: SyntheticFile, number: Int) {
        trail = first.trail
        self.number = number
        content = first.content
        account = first.account
        region = first.region
        slot = first.slot
        events = first.events
        hubEvents = first.hubEvents
    }

    /// The path that CloudTrail would give the file in its bucket.
    package var name: String {
        let account = trail.accounts[account].id
        let region = trail.regions[region]
        var random = SyntheticRandom(seed: trail.seed, purpose: 2, number: number)
        let suffix = random.text(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let time = TrailTime(number == content ? slot : slot + 300)
        return "AWSLogs/\(account)/CloudTrail/\(region)/\(time.dayPath)/"
            + "\(account)_CloudTrail_\(region)_\(time.compact)_\(suffix).json"
    }

    /// Not known before the events are made.
    package var size: Int? { nil }

    package func open() -> any ByteStream {
        SyntheticStream(self)
    }

    /// Appends the file's events, each as JSON.
    ///
    /// - Parameters:
    ///   - separator: What stands between two.
    ///   - text: Where they go.
    package func appendRecords(separatedBy separator: UInt8, to text: inout [UInt8]) {
        var records = SyntheticRecords(self)
        while records.writeNext(into: &text) {
            if !records.isEmpty { text.append(separator) }
        }
    }
}

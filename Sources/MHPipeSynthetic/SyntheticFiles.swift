/// The files of a trail, each made when it is asked for.
package struct SyntheticFiles: IteratorProtocol {
    private let trail: SyntheticTrail
    private let events: Int
    private var random: SyntheticRandom
    private var number = 0
    private var planned = 0
    private var hubEvents = 0
    /// The last files, one of which may come again; that of number `n` at `n % count`.
    private var last: [SyntheticFile] = []

    private static let mostBetween = 20

    init(_ trail: SyntheticTrail, events: Int) {
        self.trail = trail
        self.events = events
        random = SyntheticRandom(seed: trail.seed, purpose: 1)
    }

    package mutating func next() -> SyntheticFile? {
        guard planned < events else { return nil }
        var file = SyntheticFile(trail: trail, number: number)
        let size = SyntheticTrail.eventsPerFile(&random)
        let place = trail.places.pick(&random)
        let second = random.below(SyntheticTrail.secondsPerFile)
        let bursts = random.happens(trail.spread.bursts)
        let repeated = random.happens(3) ? number - 1 - random.below(Self.mostBetween) : -1
        if repeated >= 0, last[repeated % Self.mostBetween].events <= events - planned {
            file = SyntheticFile(copying: last[repeated % Self.mostBetween], number: number)
        } else {
            let share = trail.migrationHubMillionths
            file.account = place.account
            file.region = place.region
            file.slot = (SyntheticTrail.start + number * SyntheticTrail.secondsPerFile + second) / 300 * 300
            file.events = min(size, events - planned)
            let owed = (planned + file.events) * share / 1_000_000 - hubEvents
            let most = share >= 500_000 ? file.events : file.events * 9 / 10
            let isReached = trail.spread.reaches(account: place.account, of: trail.accounts.count, at: file.slot)
            file.hubEvents = isReached && (bursts || share >= 500_000) ? max(0, min(owed, most)) : 0
        }
        planned += file.events
        hubEvents += file.hubEvents
        if last.count < Self.mostBetween { last.append(file) } else { last[number % Self.mostBetween] = file }
        number += 1
        return file
    }
}

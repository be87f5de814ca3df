package import MHPipeAWS
import MHPipeIO
package import MHPipeKit

/// Asks CloudTrail for public keys, in the place of files with them.
package struct PublicKeySearch: Sendable {
    /// What CloudTrail answers for a region: one JSON text for each page.
    typealias Listing = @Sendable (_ region: String, _ time: Range<Timestamp>) throws -> [[UInt8]]

    private let list: Listing?
    private let warn: @Sendable (String) -> Void

    /// So many regions are asked at once; one of them may take long to say nothing.
    private static let mostAtOnce = 8

    /// - Parameters:
    ///   - connection: How AWS is reached.
    ///   - warn: Tells the user why there are none.
    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(_ connection: AWSConnection, warn: @escaping @Sendable (String) -> Void) throws {
        let call = try PublicKeyCall(connection)
        self.init(call.map { call -> Listing in { try call.list($0, $1) } }, warn: warn)
    }

    /// - Parameters:
    ///   - list: Asks for the keys of a region; nil where nobody can be asked.
    ///   - warn: Tells the user why there are none.
    init(_ list: Listing?, warn: @escaping @Sendable (String) -> Void) {
        self.list = list
        self.warn = warn
    }

    /// The keys of some regions; see `TrailVerifier.KeySearch`.
    package func keys(_ regions: [String], _ time: Range<Timestamp>) -> [String: RegionKeys] {
        guard let list else { return [:] }
        var found: [String: RegionKeys] = [:]
        for (region, answer) in zip(regions, answers(regions, time, list)) {
            let keys = Self.keys(region, answer)
            if case .missing(let reason?) = keys { warn(reason) }
            found[region] = keys
        }
        return found
    }

    private static func keys(_ region: String, _ answer: Result<[[UInt8]], any Error>) -> RegionKeys {
        do {
            var keys = PublicKeys()
            for page in try answer.get() { try keys.add(page, from: "CloudTrail in \(region)") }
            guard keys.isEmpty else { return .known(keys) }
            return .missing("CloudTrail has no public keys of \(region) for the time of the digest files")
        } catch {
            let reason = (error as? AWSFailure)?.reason(needs: "cloudtrail:ListPublicKeys")
            return .missing(
                "CloudTrail gives no public keys of \(region): \(reason ?? StageError(wrapping: error).message)"
            )
        }
    }

    /// What CloudTrail answers, in the order of the regions.
    private func answers(
        _ regions: [String],
        _ time: Range<Timestamp>,
        _ list: @escaping Listing
    ) -> [Result<[[UInt8]], any Error>] {
        let answers = Locked([Result<[[UInt8]], any Error>](repeating: .success([]), count: regions.count))
        let next = Locked(0)
        let run: @Sendable () -> Void = {
            while true {
                let place = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard place < regions.count else { return }
                let answer = Result { try list(regions[place], time) }
                answers.withLock { $0[place] = answer }
            }
        }
        // Where no more threads can be had, those that there are do it.
        let others = (1..<max(1, min(Self.mostAtOnce, regions.count))).compactMap { _ in try? PlainThread(run) }
        run()
        for thread in others { thread.join() }
        return answers.withLock { $0 }
    }
}

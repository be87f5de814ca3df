import Dispatch
import MHPipeKit

/// One source of a run, on its own serial queue.
final class SourceRunner: Sendable {
    /// The list of the source, which its queue alone touches.
    private final class Box: @unchecked Sendable /* used on the runner's serial queue only */ {
        let list: any UnitList
        /// What was pulled before it was asked for.
        var ahead: [Result<NextUnit, any Error>] = []
        private var pulled = 0

        init(_ list: any UnitList) {
            self.list = list
        }

        func pull() throws -> NextUnit {
            let next = try list.next()
            switch next {
            case .unit(let unit):
                pulled += 1
                if list.readAhead > 0 { unit.prepare() }
            case .unreadable: pulled += 1
            case .notYet, .end: break
            }
            return next
        }

        /// Pulls as many as the list wants to be ahead; what it answers instead of units, it is asked for again.
        func pullAhead() {
            while ahead.count < list.readAhead {
                let next = Result { try pull() }
                if case .success(.notYet) = next { return }
                if case .success(.end) = next { return }
                ahead.append(next)
                if case .failure = next { return }
            }
        }

        var tally: InputTally {
            if let list = list as? any FileListing { return list.tally }
            let unseen = max(0, (list.total?.units ?? 0) - pulled)
            return InputTally(seen: pulled + unseen, waiting: ahead.count + unseen)
        }
    }

    private let queue: DispatchQueue
    private let box: Box

    /// Has a source begin to list.
    ///
    /// - Parameters:
    ///   - name: The source's name.
    ///   - source: The source.
    /// - Throws: What the source throws.
    init(_ name: String, _ source: any Source) throws {
        let queue = DispatchQueue(label: "mhpipe.source.\(name)")
        self.queue = queue
        box = try queue.sync { Box(try source.list()) }
    }

    /// The next unit, and how many there are, as far as that is known.
    func next() throws -> (next: NextUnit, total: UnitTotal?) {
        try queue.sync {
            let next = box.ahead.isEmpty ? try box.pull() : try box.ahead.removeFirst().get()
            if case .unit = next, box.list.readAhead > 0 { queue.async { [box] in box.pullAhead() } }
            return (next, box.list.total)
        }
    }

    /// What the source came by so far.
    var tally: InputTally { queue.sync { box.tally } }

    /// Its list, for what does not change in it.
    var list: any UnitList { box.list }
}

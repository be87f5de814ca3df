import MHPipeKit
import MHPipePlan

/// What a worker has counted; those of all workers are added up at the end.
struct StageCounts: Sendable {
    /// What a stage did with its events, and the bytes its encoder made.
    struct Stage: Sendable {
        var eventsIn = 0
        var eventsOut = 0
        /// New events; they are not among those that came in.
        var made = 0
        var drops = DropCounts()
        /// For a source, the events that lack a field by which it selects, and so went on.
        var withoutField = 0
        var quarantined = 0
        /// For each output, the events that it gave; one for a stage without ports.
        var portsOut: [Int] = []
        var bytesOut = 0

        /// Counts what a transform did with a batch of which it took so many events.
        mutating func count(_ batch: EventBatch, taken: Int) {
            countOrdered(batch, taken: taken)
            eventsOut += batch.count
        }

        /// The same for one that says by itself what it passed on.
        mutating func countOrdered(_ batch: EventBatch, taken: Int) {
            eventsIn += taken
            drops += batch.takeDrops()
            quarantined += batch.rejections.count
        }

        static func += (left: inout Stage, right: Stage) {
            left.eventsIn += right.eventsIn
            left.eventsOut += right.eventsOut
            left.made += right.made
            left.drops += right.drops
            left.withoutField += right.withoutField
            left.quarantined += right.quarantined
            for port in left.portsOut.indices { left.portsOut[port] += right.portsOut[port] }
            left.bytesOut += right.bytesOut
        }
    }

    var files = 0
    var damagedFiles = 0
    var unopenedFiles = 0
    var housekeeping = 0
    var bytesRead = 0
    var bytesText = 0
    /// The records found, bad ones included.
    var found = 0
    /// The events that transforms made.
    var made = 0
    /// What became of them, each counted once where ways branch.
    var events = EventCounts()
    var sources: [Stage]
    var transforms: [Stage]
    var sinks: [Stage]

    init(_ plan: PipelinePlan) {
        func stages<Instance>(_ stages: [MHPipePlan.Stage<Instance>]) -> [Stage] {
            stages.map { stage in
                var counts = Stage()
                counts.portsOut = Array(repeating: 0, count: max(stage.ports.count, 1))
                return counts
            }
        }
        sources = stages(plan.sources)
        transforms = stages(plan.transforms)
        sinks = stages(plan.sinks)
    }

    static func += (left: inout StageCounts, right: StageCounts) {
        left.files += right.files
        left.damagedFiles += right.damagedFiles
        left.unopenedFiles += right.unopenedFiles
        left.housekeeping += right.housekeeping
        left.bytesRead += right.bytesRead
        left.bytesText += right.bytesText
        left.found += right.found
        left.made += right.made
        left.events += right.events
        add(&left.sources, right.sources)
        add(&left.transforms, right.transforms)
        add(&left.sinks, right.sinks)
    }

    /// What it takes in memory, about.
    var weight: Int { 128 * (1 + sources.count + transforms.count + sinks.count) }

    /// Counts an event that a stage could not work on, unless a sink has taken it on another way.
    mutating func count(quarantined event: EventRejection) {
        guard let mark = event.mark else { return events.quarantined += 1 }
        mark.quarantine(&events)
    }

    private static func add(_ left: inout [Stage], _ right: [Stage]) {
        for stage in left.indices { left[stage] += right[stage] }
    }
}

extension StageCounts {
    /// All counts in one order, for the journal; those of the same plan have the same places.
    var numbers: [Int] {
        var numbers: [Int] = []
        var copy = self
        copy.forEachNumber { numbers.append($0) }
        return numbers
    }

    /// Takes over what `numbers` gave for the same plan; false when it was another one.
    mutating func take(_ numbers: [Int]) -> Bool {
        guard numbers.count == self.numbers.count else { return false }
        var next = numbers.makeIterator()
        forEachNumber { $0 = next.next() ?? 0 }
        return true
    }

    private mutating func forEachNumber(_ body: (inout Int) -> Void) {
        for path in [
            \StageCounts.files, \.damagedFiles, \.unopenedFiles, \.housekeeping, \.bytesRead, \.bytesText, \.found,
            \.made,
            \.events.kept, \.events.quarantined, \.events.rejected,
        ] {
            body(&self[keyPath: path])
        }
        for stages in [\StageCounts.sources, \.transforms, \.sinks] {
            for stage in self[keyPath: stages].indices { self[keyPath: stages][stage].forEachNumber(body) }
        }
    }
}

extension StageCounts.Stage {
    fileprivate mutating func forEachNumber(_ body: (inout Int) -> Void) {
        for path in [
            \Self.eventsIn, \.eventsOut, \.made, \.drops.filtered, \.drops.duplicate, \.drops.consumed, \.withoutField,
            \.quarantined, \.bytesOut,
        ] {
            body(&self[keyPath: path])
        }
        for port in portsOut.indices { body(&portsOut[port]) }
    }
}

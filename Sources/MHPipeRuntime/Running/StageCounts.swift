/// What a worker has counted; those of all workers are added up at the end.
struct StageCounts: Sendable {
    /// Events that a stage took and passed on, and the bytes its encoder made.
    struct Stage: Sendable {
        var eventsIn = 0
        var eventsOut = 0
        var bytesOut = 0
    }

    var files = 0
    var damagedFiles = 0
    var unopenedFiles = 0
    var housekeeping = 0
    var bytesRead = 0
    var bytesText = 0
    var events = 0
    var kept = 0
    var quarantined = 0
    /// Events that a stage could not take, although another way kept them.
    var rejected = 0
    var sources: [Stage]
    var transforms: [Stage]
    var sinks: [Stage]

    init(sources: Int, transforms: Int, sinks: Int) {
        self.sources = Array(repeating: Stage(), count: sources)
        self.transforms = Array(repeating: Stage(), count: transforms)
        self.sinks = Array(repeating: Stage(), count: sinks)
    }

    static func += (left: inout StageCounts, right: StageCounts) {
        left.files += right.files
        left.damagedFiles += right.damagedFiles
        left.unopenedFiles += right.unopenedFiles
        left.housekeeping += right.housekeeping
        left.bytesRead += right.bytesRead
        left.bytesText += right.bytesText
        left.events += right.events
        left.kept += right.kept
        left.quarantined += right.quarantined
        left.rejected += right.rejected
        add(&left.sources, right.sources)
        add(&left.transforms, right.transforms)
        add(&left.sinks, right.sinks)
    }

    private static func add(_ left: inout [Stage], _ right: [Stage]) {
        for stage in left.indices {
            left[stage].eventsIn += right[stage].eventsIn
            left[stage].eventsOut += right[stage].eventsOut
            left[stage].bytesOut += right[stage].bytesOut
        }
    }
}

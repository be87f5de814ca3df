import MHPipeRuntime

extension RunReport {
    /// What two runs of one plan did, one after the other.
    static func + (left: RunReport, right: RunReport) -> RunReport {
        var sum = left
        for count in counts { sum[keyPath: count] += right[keyPath: count] }
        for (index, stage) in right.stages.enumerated() where index < sum.stages.count {
            for count in stageCounts { sum.stages[index][keyPath: count] += stage[keyPath: count] }
        }
        sum.problemsBefore = left.problemsBefore || right.problemsBefore
        sum.ended = right.ended
        sum.seconds += right.seconds
        if right.outcome.isCommitted { sum.outcome = right.outcome }
        let room = max(0, most - sum.problemFiles.count)
        sum.problemFiles += right.problemFiles.prefix(room)
        sum.moreProblemFiles += right.moreProblemFiles + max(0, right.problemFiles.count - room)
        sum.warnings += right.warnings.filter { !sum.warnings.contains($0) }.prefix(max(0, most - sum.warnings.count))
        return sum
    }

    /// What a run did itself that goes on with what another one did.
    static func - (whole: RunReport, before: RunReport) -> RunReport {
        var rest = whole
        for count in counts { rest[keyPath: count] -= before[keyPath: count] }
        for (index, stage) in before.stages.enumerated() where index < rest.stages.count {
            for count in stageCounts { rest.stages[index][keyPath: count] -= stage[keyPath: count] }
        }
        return rest
    }

    /// How many files with problems, and warnings, are kept.
    private static let most = 1000

    private static var counts: [WritableKeyPath<RunReport, Int>] {
        [
            \.filesSeen, \.files, \.filesLeftOut, \.otherFiles, \.filesPruned, \.foldersPruned, \.filesNotReached,
            \.filesRepeated, \.filesCommitted, \.filesChanged, \.filesReread, \.filesBefore, \.filesDamaged,
            \.housekeeping, \.unreadable, \.bytesRead,
            \.bytesDecompressed, \.eventsIn, \.eventsMade, \.eventsKept, \.eventsFiltered, \.eventsNotSelected,
            \.eventsWithoutField, \.eventsQuarantined, \.eventsRejected,
        ]
    }

    private static var stageCounts: [WritableKeyPath<RunReport.Stage, Int>] {
        [
            \.eventsIn, \.eventsOut, \.eventsMade, \.eventsFiltered, \.eventsWithoutField, \.eventsDuplicate,
            \.eventsConsumed, \.eventsQuarantined, \.bytesOut,
        ]
    }
}

import MHPipeKit
import MHPipePlan

/// Puts together what all sections have counted of a unit, for its line in the manifest.
///
/// Sections are done with a unit one behind the other, and with the next unit only then.
final class UnitRecorder: @unchecked Sendable /* used on the queue of the log only */ {
    private let manifest: RunManifest
    private let none: StageCounts
    private let fail: @Sendable (any Error) -> Void
    private var counts: StageCounts

    /// - Parameters:
    ///   - manifest: Where the lines go.
    ///   - plan: What is run.
    ///   - fail: Takes what keeps a line from being written.
    init(_ manifest: RunManifest, _ plan: PipelinePlan, fail: @escaping @Sendable (any Error) -> Void) {
        self.manifest = manifest
        self.fail = fail
        none = StageCounts(plan)
        counts = none
    }

    /// Adds what a section has counted of the unit at hand.
    func add(_ counts: StageCounts) { self.counts += counts }

    func end(_ unit: UnitOutcome) {
        do {
            try manifest.add(unit, counts)
        } catch {
            fail(error)
        }
        counts = none
    }
}

import MHPipeIO
import MHPipeKit
import MHPipePlan

extension PipelineRun {
    /// Tries whether the machine gives the threads and descriptors that the run needs at least.
    ///
    /// To be called before anything uses Dispatch, which waits for ever for a thread that it does not get.
    ///
    /// - Throws: `StageError`.
    package func checkMachine() throws {
        let workers = plan.settings.workers ?? ProcessorCount.usable
        let queues = workers + plan.sinks.count + plan.transforms.count { $0.isOrdered } + 1
        // Sources may pull ahead; signals, progress and Dispatch itself have a thread each, and so has whoever watches
        // whether there are threads.
        let others = plan.sources.count + 4
        do throws(MachineProbe.Shortage) {
            try MachineProbe.run(threads: queues + others)
        } catch {
            var failure = StageError(error.message, advice: error.advice)
            failure.cause = .temporary
            throw failure
        }
    }
}

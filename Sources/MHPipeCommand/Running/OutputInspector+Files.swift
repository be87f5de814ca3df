import Libc
import MHPipeKit
import MHPipeIO
import PipelineConfig

extension OutputInspector {
    /// Looks at the disk.
    static let files = OutputInspector { path, needsRegularFile in
        OutputPlace.obstacle(path, needsRegularFile: needsRegularFile).map { failure in
            var obstacle = Obstacle(
                failure.message,
                notes: failure.advice.map { [$0] } ?? [],
                isFolder: failure.errorNumber == EISDIR
            )
            obstacle.isMachineFault = failure.errorNumber != 0 && MachineFault.isOne(failure.errorNumber)
            return obstacle
        }
    }
}

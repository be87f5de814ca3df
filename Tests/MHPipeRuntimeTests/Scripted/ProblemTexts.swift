import MHPipeKit
import Foundation
import Synchronization

/// What an observer was told, and whether two told it at once.
final class ProblemTexts: Sendable {
    private let texts = Locked<[String]>([])
    private let inside = Atomic(0)
    private let overlapping = Atomic(0)

    func append(_ text: String) {
        texts.withLock { $0.append(text) }
    }

    /// Takes a text, and notes when another call is under way.
    func alone(_ text: () -> String) {
        if inside.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue > 0 {
            overlapping.wrappingAdd(1, ordering: .relaxed)
        }
        append(text())
        // Others get their chance to be wrong.
        sched_yield()
        inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }

    var all: [String] { texts.withLock { $0 } }
    var overlaps: Int { overlapping.load(ordering: .relaxed) }
}

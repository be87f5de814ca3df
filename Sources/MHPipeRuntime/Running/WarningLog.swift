import MHPipeKit

/// Keeps what stages have warned of, for the report.
final class WarningLog: Sendable {
    private let warnings = Locked<[RunReport.Warning]>([])

    private static let most = 1000

    var all: [RunReport.Warning] { warnings.withLock { $0 } }

    /// An observer that is told what another is, and notes warnings here.
    func noting(for observer: RunObserver) -> RunObserver {
        var noting = observer
        noting.warning = { stage, message in
            self.warnings.withLock { warnings in
                if warnings.count < Self.most { warnings.append(RunReport.Warning(stage: stage, message: message)) }
            }
            observer.warning(stage, message)
        }
        return noting
    }
}

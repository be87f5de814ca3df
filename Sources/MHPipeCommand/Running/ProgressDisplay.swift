import Dispatch
import MHPipeRuntime

/// Shows how far a run is until it is told to stop.
final class ProgressDisplay {
    /// How progress is shown.
    enum Form: Sendable {
        /// A line that is drawn over, ten times a second; `readsStandardInput` when nothing else is read.
        case line(readsStandardInput: Bool)
        /// A line of JSON, every second.
        case json
    }

    private let queue = DispatchQueue(label: "mhpipe.progress")
    private let timer: any DispatchSourceTimer
    private let form: Form
    private let console: Console
    private let progress: @Sendable () -> RunProgress

    /// Starts to show.
    ///
    /// - Parameters:
    ///   - form: How.
    ///   - console: Where.
    ///   - progress: Asked for the state, on the display's own queue.
    init(_ form: Form, on console: Console, progress: @escaping @Sendable () -> RunProgress) {
        self.form = form
        self.console = console
        self.progress = progress
        timer = DispatchSource.makeTimerSource(queue: queue)
        let interval: DispatchTimeInterval =
            switch form {
            case .line: .milliseconds(100)
            case .json: .seconds(1)
            }
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { Self.show(form, on: console, progress()) }
        timer.activate()
    }

    /// Erases the line, or writes the last line of JSON; nothing is shown once it returns.
    func stop() {
        timer.cancel()
        queue.sync {
            switch form {
            case .line: console.showProgress("")
            case .json: Self.show(form, on: console, progress())
            }
        }
    }

    private static func show(_ form: Form, on console: Console, _ progress: RunProgress) {
        switch form {
        case .line(let readsStandardInput):
            console.showProgress(progress.line(readsStandardInput: readsStandardInput))
        case .json: console.show(progress.json)
        }
    }
}

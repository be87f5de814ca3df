/// What every plugin states about itself.
public protocol Plugin: SendableMetatype {
    /// The options that a stage of this plugin takes.
    associatedtype Options: PluginOptions = NoOptions

    /// The name in pipeline files: lower case with underscores; a noun for sources and sinks, a verb or what it adds
    /// for transforms.
    static var name: String { get }

    /// What it does: one sentence with a full stop.
    static var summary: String { get }

    /// Makes the plugin for one stage.
    ///
    /// Called once for `mhpipe check`, and for a run once on the main queue (sources, sinks) or once for every worker
    /// (transforms). It must not touch what the pipeline reads and writes: `Source.units`, `Sink.open` do. With
    /// `PluginContext.isCheck` it may look at what is there, to say early that it cannot be used.
    ///
    /// - Parameters:
    ///   - options: The stage's options.
    ///   - context: The stage's surroundings.
    /// - Throws: `OptionError` for options that do not fit together; anything else ends the run.
    init(_ options: Options, _ context: PluginContext) throws

    /// What is likely not meant with options that are all right by themselves; nothing by default.
    ///
    /// Called once while a pipeline is checked, on any queue. A warning does not keep the pipeline from running.
    ///
    /// - Parameter options: The stage's options.
    /// - Returns: The warnings.
    static func warnings(_ options: Options) -> [OptionWarning]
}

extension Plugin {
    /// No warnings, unless the plugin says otherwise.
    ///
    /// - Parameter options: The stage's options.
    /// - Returns: Nothing.
    public static func warnings(_ options: Options) -> [OptionWarning] { [] }
}

/// What a plugin may know about the run it is part of.
public struct PluginContext: Sendable {
    /// The stage's name in the pipeline.
    public let stage: String
    /// Tells the user something that is no error; shown on standard error with the stage's name.
    ///
    /// Any queue may call it.
    public let warn: @Sendable (String) -> Void
    /// True when the plugin is made only to hear what it has to say of its options, and will not be used.
    public let isCheck: Bool
    /// Passes on a line that a program behind the plugin wrote for the user; shown with the stage's name before it.
    ///
    /// Any queue may call it.
    package var relay: @Sendable (String) -> Void = { _ in }
    /// The top-level keys that transforms add to the events which come to the stage; none in a check.
    package var addedKeys: Set<String> = []
    /// The fields that the stages above have put into events; nil in a check that does not know them yet.
    package var addedFields: AddedFields?
    /// The top-level keys that all sources set in all events which come to a sink, and that nothing has set since; none in a
    /// check.
    package var stampedKeys: Set<String> = []
    /// The services, as `eventSource` names them, whose events come to the stage; nil where they may be of any.
    package var keptServices: Set<String>?
    /// The time behind which all sources leave events out; nil where one of them leaves none out.
    package var readLimit: Timestamp?
    /// Raised when the run is over before its end.
    package var stop = RunStop()
    /// What the outputs of a run that keeps its state are found by in later runs; nil where none is kept.
    package var stateKey: String?
    /// How earlier runs have left files, where runs append.
    package var earlierFiles: (any EarlierFiles)?
    /// The folder in which such a run keeps its state.
    package var stateFolder: String?
    /// True when outputs that are there are to stay as they are.
    package var keepsExisting = false
    /// The watch that the run is a round of; nil for any other run.
    package var rounds: WatchRounds?
    /// True when what cannot be read is kept in a file.
    package var hasQuarantine = false
    /// True when sources open also what by its key holds nothing that they select.
    package var opensAll = false
    /// True when a bucket is listed with what a run passes over, since its name is not that of a log, or its folder is that of others.
    package var namesOthers = false
    /// When the run or the check began, from which relative times count.
    package var started = Timestamp(seconds: 0)

    /// Makes a context.
    ///
    /// - Parameters:
    ///   - stage: The stage's name.
    ///   - isCheck: True when the plugin will not be used.
    ///   - warn: Where warnings go; dropped by default.
    public init(
        stage: String,
        isCheck: Bool = false,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.stage = stage
        self.isCheck = isCheck
        self.warn = warn
    }
}

/// A failure that ends the run, in the words the user will read.
public struct StageError: Error, Sendable, CustomStringConvertible {
    /// What failed, on what, and why: `cannot write 'audit.csv': No space left on device`.
    public var message: String
    /// What the user may do about it, when there is something to say.
    public var advice: String?
    /// True when the reader of a pipe has gone away, which ends its sink quietly, and the run when no sink is left.
    public var isClosedPipe: Bool
    /// True when a unit's error is no fault of the unit, such as a disk that fails: the run fails, and no unit is left out.
    ///
    /// The message then has to name the unit. Errors of anything but units end the run anyway.
    public var endsRun = false
    /// True when the same call may succeed a little later, as with a server that is busy, and has changed nothing.
    ///
    /// The runtime makes a call of a sink before `commit`, or `SourceUnit.open`, again, some times with growing pauses,
    /// half a minute in all, before the failure counts. Other calls are not made again.
    public var isRetryable = false

    /// True when a sink's `commit` has put its file in its place, but it is not known to be on the disk.
    package var isInPlace = false

    /// True when an output is not as the last run has left it, which `--restart` takes as it is.
    package var isOfChangedOutput = false

    /// What failed, where that decides whether trying again helps.
    package enum Cause: Sendable {
        /// The machine, the network or a service: another attempt may succeed.
        case temporary
        /// The input: every attempt fails in the same way.
        case input
    }

    /// Nil where nobody can tell.
    package var cause: Cause?

    /// States a failure.
    ///
    /// - Parameters:
    ///   - message: What failed, on what, and why.
    ///   - advice: What the user may do about it.
    ///   - isClosedPipe: True when the reader of a pipe has gone away.
    ///   - isRetryable: True when the same call may succeed a little later.
    public init(_ message: String, advice: String? = nil, isClosedPipe: Bool = false, isRetryable: Bool = false) {
        self.message = message
        self.advice = advice
        self.isClosedPipe = isClosedPipe
        self.isRetryable = isRetryable
    }

    /// The message and the advice.
    public var description: String {
        advice.map { "\(message)\n\($0)" } ?? message
    }
}

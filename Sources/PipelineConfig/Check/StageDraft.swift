import MHPipeKit
import MHPipePlan

/// A stage as it was written, on its way into a plan.
struct StageDraft {
    /// The stage, when nothing is wrong with its options.
    enum Built {
        case source(Stage<any Source>)
        case transform(Stage<any TransformPlugin>)
        case sink(Stage<any Sink>)
    }

    let kind: PluginDescription.Kind
    let name: String
    let nameSpan: SourceSpan?
    /// The lines it was written in; nil for a tree without places.
    let lines: ClosedRange<Int>?
    /// The inputs as they were written; nil when they were left out.
    var inputs: [ConfigNode]?
    /// Whose events it takes.
    var takes: [ResolvedInput] = []
    var built: Built?
    /// What it reads and writes.
    var paths: [PathPlace] = []
    /// What it reads of a bucket.
    var bucket: PathPlace?
    /// True when options besides the paths may narrow what it reads.
    var isNarrowed = false
    /// Makes a sink, once it is known what comes to it.
    var makeSink: ((inout Checker, inout StageDraft, PluginContext) -> (any Sink)?)?
    /// The fields of events that its options name.
    var fieldUses: [FieldUse] = []
    /// What options say of fields that they name themselves.
    var fieldChecks: [any FieldChecking] = []
    /// What it compares fields with.
    var comparisons: [WrittenComparison] = []
    /// The fields that it adds to events; nil when nobody can tell.
    var adds: [EventField]?
    /// Where the names of its ports stand, as far as options name them.
    var portSpans: [String: SourceSpan] = [:]
    /// True when it adds keys to an object that a stage above may have added.
    var extends = false
    /// The fields of records that it reads, whether or not its options name them.
    var reads: [FieldPath] = []
    /// What it cannot tell when events are left out above it; nil for a stage that looks at each by itself.
    var lost: String?
    /// True for a transform that drops events for what they are.
    var drops = false
    /// The options by which a source leaves out events that later ones may depend on.
    var selectedBy: [String] = []
    /// False for a source that cannot give a second time what it has given.
    var canReadAgain = true
    /// The sink, as it was made to hear what it has to say.
    var sink: (any Sink)?
    /// What it does to fields, when it writes records anew.
    var shape: FieldShape?
    /// The fields that its plugin adds when no option says otherwise.
    var usuallyAdds: [EventField] = []

    /// False for a source that cannot read again, and for a sink that cannot go on, so that no state can be kept.
    var canGoOn: Bool { canReadAgain && (sink == nil || resumable?.canGoOn == true) }

    /// True for a sink that can replace what it has written of a unit.
    var replacesUnits: Bool { resumable?.replacesUnits == true }

    private var resumable: (any ResumableSink)? { sink as? any ResumableSink }

    /// The indices of the stages that it takes events from.
    var resolvedInputs: [Int] { takes.map(\.stage) }

    /// The names of its ports; nil when they are not known, because something is wrong with its options.
    var ports: [String]? {
        switch built {
        case .source, .sink: []
        case .transform(let stage): stage.ports
        case nil: kind == .transform ? nil : []
        }
    }

    /// For messages: `sink 'audit'`.
    var shown: String { "\(kind.rawValue) '\(name)'" }
}

/// A stage whose events another takes, and at which port.
struct ResolvedInput: Hashable {
    var stage: Int
    var port: String?
}

/// A file or folder that a pipeline reads or writes, and where the file says so.
struct PathPlace {
    var use: PathUse
    /// For messages: `sink 'audit'`.
    var user: String
    /// The kind of the stage; nil for what is no stage.
    var kind: PluginDescription.Kind?
    var span: SourceSpan?
    /// For an output that is one file: what is written into it.
    var format: FileFormat?
    /// True when a name that ends in `.gz` or `.zst` makes what is written compressed.
    var isCompressible = false
    /// True when it may be the address of an object.
    var mayBeObject = false
    /// True for the folder of a source that waits for files to come there.
    var isWatched = false
    /// For a file that no stage reads, what it is: `the pipeline file`.
    var object: String?

    /// The path as it was written.
    var path: String { use.path }

    /// True for an output that is no file of this machine.
    var isObject: Bool { mayBeObject && BucketPath.isOne(path) }

    /// The files that are written, where their names depend on the events.
    var files: FileNames? {
        if case .outputFiles(let template) = use { FileNames(template) } else { nil }
    }

    /// What would be lost if it were overwritten, for messages.
    var overwritten: String {
        if let object { return object }
        if case .program = use { return "the program that \(user) runs" }
        return "the file that \(user) reads"
    }
}

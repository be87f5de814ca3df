import MHPipeKit
import MHPipePlan

/// What the reader of a file and the readers of the bodies in it have in common.
struct ReadingContext {
    let settings: RunSettings
    /// The text that is indexed at a time, unless a record is larger.
    let windowBytes: Int
    let indexing: WindowIndexer.Way
    /// By which records are proven that are dropped; nil where all are indexed.
    let proof: ObjectProof?
    let tally: FileTally
    /// How many envelopes the text is in; 0 for the file itself.
    private(set) var level = 0

    init(
        settings: RunSettings,
        windowBytes: Int,
        indexing: WindowIndexer.Way = .usual,
        proof: ObjectProof? = .usual
    ) {
        self.proof = proof
        self.settings = settings
        self.windowBytes = windowBytes
        self.indexing = indexing
        tally = FileTally(maxBytes: settings.maxFileBytes)
    }

    /// The context of a body in the text.
    var inside: ReadingContext {
        var context = self
        context.level += 1
        return context
    }

    /// So much of a value is looked at before it counts as too large: a little more than the largest record has, so that
    /// what follows that is seen.
    var reach: Int { min(settings.maxRecordBytes, 1 << 40) + (4 << 10) }

    /// What the text is, for messages.
    var noun: String { level == 0 ? "file" : "text" }
}

import MHPipeKit

/// What the reader of a file and the readers of the bodies in it have in common.
struct ReadingContext {
    let settings: RunSettings
    /// The text that is indexed at a time, unless a record is larger.
    let windowBytes: Int
    let tally: FileTally
    /// How many envelopes the text is in; 0 for the file itself.
    private(set) var level = 0

    init(settings: RunSettings, windowBytes: Int) {
        self.settings = settings
        self.windowBytes = windowBytes
        tally = FileTally(maxBytes: settings.maxFileBytes)
    }

    /// The context of a body in the text.
    var inside: ReadingContext {
        var context = self
        context.level += 1
        return context
    }

    /// What the text is, for messages.
    var noun: String { level == 0 ? "file" : "text" }
}

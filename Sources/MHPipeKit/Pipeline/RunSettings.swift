/// How a run goes about its work, apart from the stages.
public struct RunSettings: Sendable {
    /// What to do with input that cannot be read.
    public enum ErrorPolicy: String, OptionChoice {
        /// Report it, count it, go on.
        case `continue`
        /// Stop at the first.
        case fail
    }

    /// What to do with the records before the damage in a damaged file.
    public enum DamagePolicy: String, OptionChoice {
        /// Let them through.
        case keep
        /// Leave the whole file out.
        case drop
    }

    /// The number of workers; nil for one a core.
    public var workers: Int?
    /// Where bad records are kept as JSON lines; nil for nowhere.
    public var quarantine: String?
    /// What to do with input that cannot be read.
    public var onError = ErrorPolicy.continue
    /// What to do with the records before the damage in a damaged file.
    public var onDamage = DamagePolicy.keep
    /// The largest record that is read, in bytes; a larger one is quarantined.
    public var maxRecordBytes = 64 << 20
    /// The most that one file may hold once it is decompressed, in bytes.
    public var maxFileBytes = 4 << 30

    /// Makes the settings of a run that says nothing about them.
    public init() {}
}

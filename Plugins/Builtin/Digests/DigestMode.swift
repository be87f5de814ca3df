import MHPipeKit

/// What becomes of log files that are not verified by digest files.
enum DigestMode: String, OptionChoice {
    /// They are read, and their events say so.
    case warn
    /// They are not read, but put down as what cannot be read is.
    case quarantine
    /// The run fails.
    case fail
}

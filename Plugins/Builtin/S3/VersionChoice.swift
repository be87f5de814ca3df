import MHPipeKit

/// Which versions of objects are read.
enum VersionChoice: String, OptionChoice {
    /// The latest of each object that is not deleted.
    case latest
    /// All of them, also of objects that are deleted.
    case all
}

import MHPipeKit

/// The folder that relative paths are taken from.
enum WorkingFolder {
    /// Its path behind all symbolic links, for whoever reads later what this run has said; empty where it is gone.
    static var path: String { FilePath(".").resolved?.text ?? "" }
}

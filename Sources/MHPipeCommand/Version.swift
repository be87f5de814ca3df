/// The version that `mhpipe --version` shows, and the newest one in the change log.
enum Version {
    static let current = "0.1.0"
}

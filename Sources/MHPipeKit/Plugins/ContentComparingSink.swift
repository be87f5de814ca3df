/// A sink that holds what was read against hashes that it knows of.
package protocol ContentComparingSink: Sink {
    /// True when units are to come with the hash of their bytes, which takes time.
    var comparesContent: Bool { get }
}

/// A source that can follow the place that it reads.
package protocol WatchingSource: Source {
    /// True when the options ask for that.
    static func watches(_ options: Options) -> Bool
}

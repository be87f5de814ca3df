/// A source that can read standard input.
package protocol StandardInputSource: Source {
    /// True when the options ask for that.
    static func readsStandardInput(_ options: Options) -> Bool
}

/// A source that says more of itself than the kit asks for.
///
/// One protocol for all of it, as `DescribedTransform` is.
package protocol DescribedSource: Source {
    /// True when the options ask it to follow the place that it reads.
    static func watches(_ options: Options) -> Bool

    /// True when the options ask it to read standard input.
    static func readsStandardInput(_ options: Options) -> Bool

    /// True for one that takes away what was read, and gives it in another order when it comes again.
    static var takesAway: Bool { get }
}

extension DescribedSource {
    package static func watches(_ options: Options) -> Bool { false }

    package static func readsStandardInput(_ options: Options) -> Bool { false }

    package static var takesAway: Bool { false }
}

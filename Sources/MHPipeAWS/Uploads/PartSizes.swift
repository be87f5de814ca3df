/// How large the parts of an upload are: 8 MiB for the first thousand, and twice as much for each further thousand.
///
/// S3 takes 10,000 parts and objects of 5 TiB: these sizes reach that with 9,282 parts, and what most outputs need is little.
/// They depend on nothing but the number, so that a run that goes on makes the parts of one that was never stopped.
package enum PartSizes {
    /// The size of the first ones; a smaller object needs no parts.
    package static let first = 8 << 20

    private static let step = 1000

    /// The bytes of a part that is not the last one.
    ///
    /// - Parameter number: The part's number, from 1.
    /// - Returns: Its size.
    package static func bytes(of number: Int) -> Int { first << ((number - 1) / step) }
}

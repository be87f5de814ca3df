package import MHPipeKit

/// A unit whose first record is not the first of its file.
package protocol NumberedUnit: SourceUnit {
    var firstRecord: Int { get }
}

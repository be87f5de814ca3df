import MHPipeIO
package import MHPipeKit

/// A temporary file for what is written to objects of which no part is full yet.
///
/// Its space comes back at the end only, so it grows no larger than all that is written.
package final class TailSpool {
    /// Where bytes are in it.
    struct Extent {
        let offset: Int
        let count: Int
    }

    private var file: TemporaryFile

    /// - Throws: `StageError` when no file can be made.
    package init() throws(StageError) {
        file = try StageError.wrapping { () throws(OutputFailure) in
            try TemporaryFile(in: TemporaryFile.defaultFolder)
        }
    }

    func append(_ bytes: [UInt8]) throws -> Extent {
        let extent = Extent(offset: file.count, count: bytes.count)
        try unsafe bytes.withUnsafeBytes { bytes in
            try StageError.wrapping { () throws(OutputFailure) in try unsafe file.append(bytes) }
        }
        return extent
    }

    func bytes(_ extent: Extent) throws(StageError) -> [UInt8] {
        try StageError.wrapping { () throws(OutputFailure) in try file.bytes(extent.count, at: extent.offset) }
    }
}

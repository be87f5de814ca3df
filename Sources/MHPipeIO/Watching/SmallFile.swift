import Libc
import MHPipeKit

/// Files of the system that do not say how large they are.
enum SmallFile {
    /// The bytes of a file, of which 16 MiB and a little more are read; nil when it cannot be read.
    static func read(_ path: FilePath) -> [UInt8]? {
        guard let file = path.open(O_RDONLY) else { return nil }
        return DescriptorReading.all(of: file.number, most: 16 << 20)
    }
}

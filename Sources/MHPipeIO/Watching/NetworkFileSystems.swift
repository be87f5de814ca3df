import Libc
package import MHPipeKit

/// File systems that other machines, or programs, change without the system being told.
package struct NetworkFileSystems {
    private var known: [dev_t: Bool] = [:]
    private let mounts: String

    /// - Parameter mounts: The list of mounts, as proc(5) has it.
    package init(mounts: String = "/proc/self/mountinfo") {
        self.mounts = mounts
    }

    /// True when a path is on one; where nobody can tell, it is not.
    package mutating func hold(_ path: FilePath) -> Bool {
        var status = stat()
        guard unsafe path.withSystemPath({ unsafe stat($0, &status) }) == 0 else { return false }
        if let answer = known[status.st_dev] { return answer }
        let answer = type(of: UInt64(truncatingIfNeeded: status.st_dev)).map(Self.isOne) ?? false
        known[status.st_dev] = answer
        return answer
    }

    /// The name of the type of the file system with a number.
    private func type(of device: UInt64) -> Substring? {
        // How Linux puts the two parts of it together (sysmacros.h).
        let major = (device >> 8 & 0xFFF) | (device >> 32 & ~0xFFF)
        let minor = (device & 0xFF) | (device >> 12 & ~0xFF & 0xFFFF_FFFF)
        guard let bytes = SmallFile.read(FilePath(mounts)) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 4, fields[2] == "\(major):\(minor)", let dash = fields.lastIndex(of: "-"),
                dash + 1 < fields.count
            else { continue }
            return fields[dash + 1]
        }
        return nil
    }

    private static func isOne(_ type: Substring) -> Bool {
        type.hasPrefix("nfs") || type.hasPrefix("smb") || type.hasPrefix("fuse.") || others.contains(String(type))
    }

    /// Beside those that are told by how their names begin; `fuseblk` is a disk of this machine.
    private static let others: Set = [
        "cifs", "fuse", "9p", "afs", "ceph", "lustre", "gpfs", "gfs2", "ocfs2", "coda", "ncpfs", "virtiofs", "vboxsf",
        "vmhgfs", "beegfs", "orangefs", "glusterfs", "davfs",
    ]
}

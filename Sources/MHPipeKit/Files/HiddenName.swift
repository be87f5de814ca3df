import Libc

/// The hidden names under which an output is written until it is whole: `.audit.csv.mhpipe-7c0e51d2-1234-5f3a9c01.tmp`.
///
/// They hold the output's own name, the machine, the process and a random number, and the attempt where the run has one.
struct HiddenName {
    private let start: [UInt8]

    /// A file name may have 255 bytes on every common file system; ours must leave room for the rest, an attempt of 48
    /// bytes, and what SQLite puts behind it.
    private static let longest = 150
    private static let end = Array(".tmp".utf8)
    /// Stands in the place of the machine where the file system knows no locks; no number is written so.
    private static let unlocked = "unlocked"

    /// - Parameter name: The name that the output will have in its folder.
    init(of name: [UInt8]) {
        var stem = name
        if stem.count > Self.longest {
            // Names that begin alike are told apart by what they are as a whole.
            var cut = Self.longest - 9
            while cut > 0, stem[cut] & 0xC0 == 0x80 { cut -= 1 }
            stem = Array(stem[..<cut]) + "~\(Self.digits(Self.hash(name)))".utf8
        }
        start = Array(".".utf8) + stem + ".mhpipe-".utf8
    }

    /// A name that no other process will think of; `isOurs` is never true for one of a file that cannot be locked.
    func next(isLocked: Bool) -> [UInt8] {
        let random = UInt32.random(in: .min ... .max)
        let machine = isLocked ? Self.machine : Self.unlocked
        let attempt = RunAttempt.current.map { ".\($0)" } ?? ""
        return start + "\(machine)-\(getpid())-\(Self.digits(random))\(attempt)".utf8 + Self.end
    }

    /// The name of a file that outlives its process, for the runs that have the key in common.
    func kept(_ key: String) -> [UInt8] {
        start + "\(key).kept".utf8
    }

    /// True for a name that was made for the same output on this machine, for a file that was locked.
    func isOurs(_ name: [UInt8]) -> Bool {
        guard name.starts(with: start), name.count > start.count + Self.end.count, name.suffix(4) == Self.end[...]
        else { return false }
        let middle = String(decoding: name.dropFirst(start.count).dropLast(Self.end.count), as: UTF8.self)
        let parts = middle.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.machine, UInt32(parts[1]) != nil else { return false }
        let random = parts[2].prefix(8)
        guard random.utf8.count == 8, UInt32(random, radix: 16) != nil else { return false }
        let attempt = parts[2].dropFirst(8)
        return attempt.isEmpty || attempt.first == "." && RunAttempt.isName(attempt.dropFirst())
    }

    /// This machine, by its name and the identity that its system was installed with.
    private static let machine: String = {
        var bytes = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&bytes, bytes.count - 1)
        var name = bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        if let file = FilePath("/etc/machine-id").open(O_RDONLY) {
            var identity = [UInt8](repeating: 0, count: 64)
            unsafe name += identity.prefix(max(0, read(file.number, &identity, identity.count)))
        }
        return digits(hash(name))
    }()

    /// FNV-1a (draft-eastlake-fnv): the same in every process, which Swift's own hashes are not.
    private static func hash(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    private static func digits(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

import CISAL
import Libc
import Synchronization

/// The memory of ISA-L's compressor, at one of the addresses that give the same bytes.
///
/// When it begins a member, ISA-L 2.30 stores into a slot of its hash table that it finds by bits 16 to 47 of the stream's
/// own address (`write_first_byte` in `igzip_icf_body_h1_gr_bt.asm` hashes a register that holds it in place of text). Where
/// the text has the same slot, about once in ten thousand streams, a match is missed and the member comes out otherwise.
/// All addresses here have one slot in common: the hash is a CRC-32C, which is linear, and `steps` do not change it.
@safe
struct GzipStreamMemory {
    let stream: UnsafeMutablePointer<isal_zstream>
    private let isMapped: Bool

    private static let first: UInt = 0x2000_0000
    /// Of bits 17 to 44 of an address; each has the CRC-32C 0 in the 13 bits that count.
    private static let steps: [UInt] = [
        0x1816, 0x283A, 0x1CDCE, 0x20626, 0x4442E, 0x8C03E, 0x10_05D0, 0x20_0BA0, 0x40_0F56, 0x80_06BA, 0x100_0D74,
        0x200_02FE, 0x400_05FC, 0x800_439A, 0x1000_8734,
    ]
    private static let used = Atomic<Int>(0)
    #if TSAN
    /// The sanitizer has a use for these addresses, and ends the process.
    private static let mostTries = 0
    #else
    private static let mostTries = 256
    #endif

    init() {
        let count = unsafe MemoryLayout<isal_zstream>.size
        for _ in 0..<Self.mostTries {
            let number = Self.used.add(1, ordering: .relaxed).oldValue
            let place = Self.steps.enumerated().reduce(Self.first) { place, step in
                number >> step.offset & 1 == 1 ? place ^ step.element : place
            }
            guard let memory = unsafe mapMemory(at: place << 16, count: count) else { continue }
            unsafe stream = unsafe memory.bindMemory(to: isal_zstream.self, capacity: 1)
            isMapped = true
            return
        }
        unsafe stream = .allocate(capacity: 1)
        isMapped = false
    }

    /// Gives it back; nothing uses it any more.
    func release() {
        if isMapped {
            unsafe munmap(stream, MemoryLayout<isal_zstream>.size)
        } else {
            unsafe stream.deallocate()
        }
    }
}

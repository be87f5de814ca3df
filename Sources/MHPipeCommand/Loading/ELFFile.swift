/// What the section headers of an ELF file of 64 bits say: who it is, and what it defines.
///
/// Nothing of the file is run. Every offset is checked against the bytes, so a damaged file gives nil or nothing, and
/// never a crash.
struct ELFFile {
    private let bytes: [UInt8]
    private let sections: [Section]
    /// False when bytes that the headers speak of are not there: to load it would be a crash.
    let isWhole: Bool

    private struct Section {
        let kind: Int
        let offset: Int
        let size: Int
        let link: Int
    }

    /// Reads the headers; nil for anything but an ELF file of 64 bits and the usual byte order.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
        self.bytes = bytes
        func number(at offset: Int, size: Int) -> Int { Self.number(bytes, at: offset, size: size) ?? 0 }
        let table = number(at: 0x28, size: 8)
        let entrySize = number(at: 0x3A, size: 2)
        let count = number(at: 0x3C, size: 2)
        sections = (0..<count).map { index in
            let header = table &+ index * entrySize
            return Section(
                kind: number(at: header &+ 4, size: 4),
                offset: number(at: header &+ 24, size: 8),
                size: number(at: header &+ 32, size: 8),
                link: number(at: header &+ 40, size: 4)
            )
        }
        isWhole =
            count > 0 && table <= bytes.count - count * entrySize
            && sections.allSatisfy { $0.kind == 8 /* SHT_NOBITS */ || $0.offset <= bytes.count - $0.size }
    }

    /// True for a shared library, and for a program that can stand anywhere in memory.
    var isSharedObject: Bool { number(at: 0x10, size: 2) == 3 }

    /// The processor it is for, as a number of the ELF specification.
    var machine: Int { number(at: 0x12, size: 2) ?? 0 }

    /// The identity that the linker gave it, in hexadecimal: the hash of what it is made of.
    var buildID: String? {
        for section in sections where section.kind == 7 /* SHT_NOTE */ {
            var note = section.offset
            while note < section.offset &+ section.size, let nameSize = number(at: note, size: 4),
                let size = number(at: note &+ 4, size: 4), let kind = number(at: note &+ 8, size: 4)
            {
                let content = note &+ 12 &+ (nameSize + 3) & ~3
                if kind == 3 /* NT_GNU_BUILD_ID */, let id = stretch(content, size) {
                    return id.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                }
                note = content &+ (size + 3) & ~3
            }
        }
        return nil
    }

    /// True when it brings this symbol for others, rather than needing it from others.
    func defines(_ symbol: String) -> Bool {
        let wanted = Array(symbol.utf8) + [0]
        for table in sections where table.kind == 11 /* SHT_DYNSYM */ && sections.indices.contains(table.link) {
            let names = sections[table.link].offset
            for index in 0..<(table.size / 24) {
                let entry = table.offset &+ index * 24
                guard let name = number(at: entry, size: 4), let section = number(at: entry &+ 6, size: 2) else {
                    break
                }
                if section != 0 /* SHN_UNDEF */, stretch(names &+ name, wanted.count).map(Array.init) == wanted {
                    return true
                }
            }
        }
        return false
    }

    private func number(at offset: Int, size: Int) -> Int? {
        Self.number(bytes, at: offset, size: size)
    }

    private func stretch(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else { return nil }
        return bytes[offset..<(offset + count)]
    }

    private static func number(_ bytes: [UInt8], at offset: Int, size: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let value = bytes[offset..<(offset + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}

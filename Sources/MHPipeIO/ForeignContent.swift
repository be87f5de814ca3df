/// A format that is not read, known by bytes that every file of it begins with.
struct ForeignContent {
    let name: String
    /// What to do with such a file.
    let advice: String
    private var magic: [UInt8] = []
    private var offset = 0

    /// What is said of such a file.
    var reason: String { "\(name); \(advice)" }

    private init(_ name: String, _ magic: [UInt8], at offset: Int = 0, _ advice: String) {
        self.name = name
        self.magic = magic
        self.offset = offset
        self.advice = advice
    }

    private init(_ name: String, _ magic: String, at offset: Int = 0, _ advice: String) {
        self.init(name, Array(magic.utf8), at: offset, advice)
    }

    private static func compressed(_ program: String, _ magic: [UInt8], _ command: String) -> ForeignContent {
        ForeignContent(
            "compressed with \(program), and only gzip and zstd are read",
            magic,
            "decompress it first: \(command)"
        )
    }

    private static func table(_ name: String, _ magic: String) -> ForeignContent {
        ForeignContent(
            "\(name) data, and JSON is read",
            magic,
            "read the files that it was made of, or export it as JSON lines"
        )
    }

    private static func image(_ name: String, _ magic: [UInt8], at offset: Int = 0) -> ForeignContent {
        ForeignContent("an image (\(name)), and JSON is read", magic, at: offset, Self.elsewhere)
    }

    /// For what was surely named by mistake.
    static let elsewhere = "name CloudTrail's own files, or the folder that they are in: mhpipe convert FOLDER OUTPUT"

    static func recognize(_ bytes: [UInt8]) -> ForeignContent? {
        known.first { bytes.dropFirst($0.offset).starts(with: $0.magic) }
    }

    private static let known: [ForeignContent] = [
        .compressed("bzip2", [0x42, 0x5A, 0x68], "bunzip2 FILE"),
        .compressed("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A], "unxz FILE"),
        .compressed("lz4", [0x04, 0x22, 0x4D, 0x18], "lz4 -d FILE NEW"),
        .compressed("lzip", [0x4C, 0x5A, 0x49, 0x50], "lzip -d FILE"),
        .compressed("snappy", [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E], "snzip -d FILE"),
        .compressed("compress", [0x1F, 0x9D], "uncompress FILE"),
        ForeignContent("a zip archive", [0x50, 0x4B, 0x03, 0x04], "unpack it first: unzip FILE"),
        ForeignContent("a zip archive", [0x50, 0x4B, 0x05, 0x06], "unpack it first: unzip FILE"),
        ForeignContent("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF], "unpack it first: 7z x FILE"),
        ForeignContent("a rar archive", "Rar!", "unpack it first: unrar x FILE"),
        ForeignContent("a tar archive", "ustar", at: 257, "unpack it first: tar -xf FILE"),
        .table("Parquet", "PAR1"),
        .table("ORC", "ORC"),
        .table("Avro", "Obj\u{1}"),
        .table("Arrow", "ARROW1"),
        ForeignContent("a SQLite database", "SQLite format 3\0", "query it: sqlite3 FILE"),
        .image("PNG", [0x89, 0x50, 0x4E, 0x47]),
        .image("JPEG", [0xFF, 0xD8, 0xFF]),
        .image("GIF", Array("GIF8".utf8)),
        .image("WebP", Array("WEBP".utf8), at: 8),
        ForeignContent(
            "an Office document, and JSON is read",
            [0xD0, 0xCF, 0x11, 0xE0],
            "export JSON, or take CloudTrail's own files from the bucket"
        ),
        ForeignContent("a PDF document, and JSON is read", "%PDF-", elsewhere),
        ForeignContent("a PostScript document, and JSON is read", "%!PS", elsewhere),
        ForeignContent("a program, and JSON is read", "\u{7F}ELF", elsewhere),
        ForeignContent("a library of programs, and JSON is read", "!<arch>\n", elsewhere),
        ForeignContent("a Java class, and JSON is read", [0xCA, 0xFE, 0xBA, 0xBE], elsewhere),
    ]

    /// Text that is not UTF-8, by its byte order mark or by the zeros round its first characters (RFC 4627 section 3).
    static func encoding(_ bytes: [UInt8]) -> ForeignContent? {
        guard let name = encodingName(bytes) else { return nil }
        return ForeignContent(
            "text in \(name.prefix(6)), and UTF-8 is read",
            [],
            "convert it first: iconv -f \(name) -t UTF-8 FILE > NEW"
        )
    }

    private static func encodingName(_ bytes: [UInt8]) -> String? {
        for mark in [[0x00, 0x00, 0xFE, 0xFF], [0xFF, 0xFE, 0x00, 0x00]] as [[UInt8]] where bytes.starts(with: mark) {
            return "UTF-32"
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16" }
        let isZero = bytes.prefix(8).map { $0 == 0 }
        let patterns = [
            ("UTF-32BE", [true, true, true, false]), ("UTF-32LE", [false, true, true, true]),
            ("UTF-16BE", [true, false]), ("UTF-16LE", [false, true]),
        ]
        return patterns.first { _, pattern in
            isZero.count >= pattern.count && isZero.indices.allSatisfy { isZero[$0] == pattern[$0 % pattern.count] }
        }?.0
    }
}

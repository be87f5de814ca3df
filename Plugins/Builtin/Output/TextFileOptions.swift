import MHPipeKit

/// The options that all sinks have that write text to files.
protocol TextFileOptions: ObjectWritingOptions {
    var path: PathTemplate { get set }
    var level: Int? { get set }
    var rotate: Rotation? { get set }
}

extension TextFileOptions {
    static func path(example: String) -> Option<Self> {
        .required(
            "path",
            \.path,
            "The file to write, or the files, with fields in braces; a name that ends in .gz or .zst is compressed, - is standard output, "
                + "and s3://bucket/key an object.",
            example: example
        )
        .using { TextFiles.pathUses($0.path, $0.rotate) }
    }

    static var level: Option<Self> {
        .optional(
            "level",
            \.level,
            "How hard it is compressed: 1 to 3 for .gz, 1 unless given; 1 to 19 for .zst, 3 unless given.",
            example: "9"
        )
    }

    static func rotate(part: String) -> Option<Self> {
        .optional(
            "rotate",
            \.rotate,
            "How much text a file holds, or for how long one is written, before the next part begins: \(part), and so on.",
            example: "256MB"
        )
    }
}

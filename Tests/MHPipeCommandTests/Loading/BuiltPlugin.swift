import Foundation
import MHPipeTestSupport
import Testing

/// A package that `mhpipe plugin new` made, built once for all tests.
struct BuiltPlugin {
    /// The package, or what went wrong.
    static let shared = Result { try BuiltPlugin() }

    /// The folder in which the package's folder `tag_team` is.
    let folder: TemporaryDirectory

    /// The library.
    var library: String { folder.path("tag_team/libTagTeam.so") }

    /// What `mhpipe plugin build` said.
    private(set) var errors = ""

    init() throws {
        folder = try TemporaryDirectory()
        _ = try run("plugin", "new", "tag_team")
        let built = try run("plugin", "build", "tag_team")
        errors = built.errors
        try #require(built.status == 0, "\(built.errors)")
    }

    /// Runs mhpipe beside the package, with the toolchain in reach.
    ///
    /// The programs in the folder `tools` take the place of others.
    func run(_ arguments: String..., tools: String? = nil) throws -> Mhpipe.Result {
        var variables = ProcessInfo.processInfo.environment
        variables["NO_COLOR"] = "1"
        if let tools { variables["PATH"] = tools + ":" + (variables["PATH"] ?? "") }
        let process = try Mhpipe(folder: folder).process(arguments, environment: variables)
        try process.run()
        process.waitUntilExit()
        return Mhpipe.Result(
            status: process.terminationStatus,
            output: try folder.read("stdout"),
            errors: String(decoding: try folder.read("stderr"), as: UTF8.self)
        )
    }

    /// Compiles a library out of one file, with the stamp of this mhpipe unless it shall have none.
    func compile(_ source: String, to name: String, isStamped: Bool = true) throws -> String {
        let stamp = try run("plugin", "stamp").text.trimmingCharacters(in: .newlines)
        let escaped = stamp.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
        let text =
            source
            + (isStamped
                ? "\n@_cdecl(\"stamp\") public func stamp() -> UnsafePointer<UInt8> { (\"\(escaped)\" as StaticString).utf8Start }\n"
                : "")
        let file = try folder.write(text, to: name + ".swift")
        let modules = URL(filePath: Mhpipe.path).deletingLastPathComponent().appending(path: "Modules")
        let compiler = try #require(ExternalProgram("swiftc"))
        let result = try compiler.run([
            "-parse-as-library", "-emit-library", "-module-name", name, "-I", modules.path(percentEncoded: false), file,
            "-o", folder.path("lib\(name).so"),
        ])
        try #require(result.status == 0, "\(result.errors)")
        return "lib\(name).so"
    }
}

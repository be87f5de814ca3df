import Libc
import MHPipeKit
import PipelineConfig

/// Builds the library of a package of plugins for the running mhpipe, and stamps it.
struct PluginBuild {
    let folder: String
    /// The name of the library's product; needed when the package has several.
    let product: String?
    let context: CommandContext

    /// Builds the library, and puts it into the package's folder.
    ///
    /// - Returns: The library's path, and the plugins in it.
    /// - Throws: `UsageError` when something that it needs is not there, or not as it should be; `StageError` when the
    ///   compiler refuses the package.
    func run() throws -> (path: String, plugins: PluginRegistry) {
        guard WholeFile.read(folder + "/Package.swift") != nil else {
            throw UsageError.refused(
                "there is no package in '\(folder)': it has no Package.swift",
                advice: ["'mhpipe plugin new NAME' makes one"]
            )
        }
        let host = try program()
        let kit = try InstalledKit(of: host)
        let toolchain = Toolchain(environment: context.environment)
        let version = try toolchain.version()
        guard version == kit.swiftVersion else {
            throw UsageError.refused(
                "this mhpipe was built by Swift \(kit.swiftVersion), but 'swiftc' is of Swift \(version)",
                advice: [
                    "put Swift \(kit.swiftVersion) first in PATH, or build and install mhpipe with Swift \(version)"
                ]
            )
        }
        let built = try build(toolchain, kit, host.stamp(swift: version))
        let plugins = try plugins(of: built)
        return (try install(built), plugins)
    }

    private func program() throws(UsageError) -> HostProgram {
        do {
            return try HostProgram()
        } catch {
            throw .refused(error.message, advice: error.notes)
        }
    }

    /// Compiles the stamp and the package, and links both into one library.
    private func build(_ toolchain: Toolchain, _ kit: InstalledKit, _ stamp: PluginStamp) throws -> String {
        let scratch = folder + "/.build/mhpipe"
        try TextFile.makeFolder(folder + "/.build")
        try TextFile.makeFolder(scratch)
        try TextFile.write(Self.source(of: stamp), to: scratch + "/Stamp.swift")
        let object = try toolchain.run([
            "swiftc", "-parse-as-library", "-O", "-emit-object", "-module-name", "MHPipeStamp",
            "\(scratch)/Stamp.swift", "-o", "\(scratch)/stamp.o",
        ])
        guard object.isSuccess else { throw StageError("cannot compile the stamp", advice: object.output) }

        // A library that an earlier package left behind would be taken for one of this build.
        let products = folder + "/.build/release"
        for name in Self.libraries(in: products) { FilePath("\(products)/\(name)").removeFile() }
        let words =
            ["swift", "build", "--quiet", "-c", "release", "--package-path", folder]
            + (context.console.isColored ? ["--color-diagnostics"] : [])
            + (product.map { ["--product", $0] } ?? []) + ["-Xlinker", try absolute("\(scratch)/stamp.o")]
            // SwiftPM does not see that the kit is another one, and would put the new stamp on what was compiled before.
            + ["-Xswiftc", "-DMHPIPE_BUILD_\(stamp.build)"]
        // Whoever writes a plugin reads the compiler's messages, and so do editors: they stand as they are.
        let package = try toolchain.run(words, variables: ["MHPIPE_KIT": kit.folder], listener: context.console.show)
        guard package.isSuccess else { throw StageError("'\(folder)' does not build") }
        let libraries = Self.libraries(in: products)
        guard libraries.count < 2 else {
            throw UsageError(
                "'\(folder)' makes several libraries: \(libraries.joined(separator: ", "))",
                advice: ["name the product of the one that holds the plugins: --product NAME"]
            )
        }
        guard let library = libraries.first else {
            throw UsageError.refused(
                "'\(folder)' makes no library",
                advice: [
                    "its Package.swift needs a product such as .library(name: \"TagTeam\", type: .dynamic, targets: [\"TagTeam\"])"
                ]
            )
        }
        return "\(products)/\(library)"
    }

    /// Puts the library beside Package.swift, in one step.
    private func install(_ library: String) throws -> String {
        let name = library.split(separator: "/").last.map(String.init) ?? library
        let path = folder == "." ? name : "\(folder)/\(name)"
        guard let bytes = WholeFile.read(library) else { throw StageError("cannot read '\(library)'") }
        do throws(OutputFailure) {
            // Another mhpipe may have the old library in memory, so it is replaced rather than written over.
            let file = try AtomicFile(OutputPlace(resolving: path))
            try unsafe bytes.withUnsafeBufferPointer { bytes throws(OutputFailure) in try unsafe file.write(bytes) }
            try file.finish()
            try file.commit()
        } catch {
            throw StageError("cannot write '\(path)'", advice: error.description)
        }
        return path
    }

    /// Loads the library as every `mhpipe run` will.
    private func plugins(of library: String) throws(UsageError) -> PluginRegistry {
        var plugins = PluginRegistry()
        do {
            try PluginLibrary.loader.load(library, into: &plugins)
        } catch {
            throw .refused(error.message, advice: error.notes)
        }
        return plugins
    }

    private static func libraries(in folder: String) -> [String] {
        FolderNames.all(in: FilePath(folder)).filter { $0.hasPrefix("lib") && $0.hasSuffix(".so") }.sorted()
    }

    private func absolute(_ path: String) throws -> String {
        guard let real = unsafe realpath(path, nil) else { throw StageError("cannot read '\(path)'") }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// A function that nobody calls, so that the linker keeps its text.
    private static func source(of stamp: PluginStamp) -> String {
        let text = stamp.text.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
        return """
            @_cdecl("mhpipe_plugin_stamp")
            public func stamp() -> UnsafePointer<UInt8> {
                let text: StaticString = "\(text)"
                return text.utf8Start
            }

            """
    }
}

import Libc
import PipelineConfig

/// The running program, as the one that libraries are built for and loaded into.
struct HostProgram {
    /// A symbol of the kit that every copy of it defines.
    static let kitSymbol = "$s9MHPipeKit10EventBatchCMn"

    /// The processor and system.
    static var target: String {
        #if arch(x86_64)
        let processor = "x86_64"
        #elseif arch(arm64)
        let processor = "aarch64"
        #else
        let processor = "other"
        #endif
        #if os(Linux)
        return processor + "-linux"
        #else
        return processor + "-other"
        #endif
    }

    /// Where the executable is, behind all symbolic links.
    let path: String
    private let file: ELFFile
    /// What the linker made of its content.
    let buildID: String

    /// Looks at the running program.
    ///
    /// - Throws: `PluginLoader.Refusal` when it cannot take libraries, with the reason.
    init() throws(PluginLoader.Refusal) {
        guard let link = unsafe realpath("/proc/self/exe", nil) else {
            throw PluginLoader.Refusal(
                "plugins from libraries are loaded on Linux only",
                notes: ["compile them in: 'mhpipe plugin new NAME --static' makes such a package"]
            )
        }
        defer { unsafe free(link) }
        path = unsafe String(cString: link)
        guard unsafe dlopen("libswiftCore.so", RTLD_NOLOAD | RTLD_LAZY) != nil else {
            throw PluginLoader.Refusal(
                "this mhpipe cannot load plugins: the Swift runtime is linked into it",
                notes: [
                    "a library would bring a second runtime, whose types are not the same types",
                    "build mhpipe without --static-swift-stdlib, as 'make install' does",
                ]
            )
        }
        guard let bytes = WholeFile.read(path), let file = ELFFile(bytes), let buildID = file.buildID else {
            throw PluginLoader.Refusal(
                "this mhpipe cannot load plugins: its executable '\(path)' has no build identity",
                notes: ["build it as 'make install' does, with the linker option --build-id"]
            )
        }
        self.file = file
        self.buildID = buildID
        guard file.defines(Self.kitSymbol) else {
            throw PluginLoader.Refusal(
                "this program cannot load plugins: it keeps the symbols of the kit to itself",
                notes: ["compile the plugins in, or link it with -Xlinker --export-dynamic, as 'make install' does"]
            )
        }
    }

    /// The processor of the executable.
    var machine: Int { file.machine }

    /// What libraries for this program carry.
    ///
    /// - Parameter swift: The version of the compiler, where it is known.
    /// - Returns: The stamp.
    func stamp(swift: String = "") -> PluginStamp {
        PluginStamp(version: Version.current, build: buildID, swift: swift, target: Self.target)
    }
}

import PipelineConfig

/// What plugins are built against: the compiled interface of the kit, which is installed with mhpipe.
struct InstalledKit {
    /// The folder with the modules; packages are told of it by the variable `MHPIPE_KIT`.
    let folder: String
    /// The version of the compiler that built it.
    let swiftVersion: String

    /// Finds the kit that belongs to a program: in `../lib/mhpipe` of an installed one, in `Modules` of a build folder.
    ///
    /// - Throws: `UsageError` when there is none, or when it belongs to another build of mhpipe.
    init(of host: HostProgram) throws(UsageError) {
        let home = host.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let installed = Self.parent(of: home) + "/lib/mhpipe"
        let folders = [installed, home + "/Modules"]
        guard let folder = folders.first(where: { WholeFile.read($0 + "/MHPipeKit.swiftmodule") != nil }),
            let module = WholeFile.read(folder + "/MHPipeKit.swiftmodule")
        else {
            throw .refused(
                "cannot find the kit of this mhpipe, '\(installed)'",
                advice: ["install mhpipe with its kit, from its sources: make install PREFIX=..."]
            )
        }
        if folder == installed {
            let stamp = WholeFile.read(folder + "/stamp").flatMap { PluginStamp(in: $0 + [0]) }
            guard stamp?.build == host.buildID else {
                throw .refused(
                    "the kit in '\(folder)' does not belong to this mhpipe, '\(host.path)'",
                    advice: [
                        "the kit is of:  \(stamp?.shown ?? "an unknown mhpipe")",
                        "this is:        \(host.stamp().shown)",
                        "install both together, from the sources of mhpipe: make install PREFIX=...",
                    ]
                )
            }
        }
        self.folder = folder
        // The version stands in the first part, among bytes that are no text.
        let header = module.prefix(64 << 10).map { (32..<127).contains($0) ? $0 : UInt8(ascii: "\n") }
        swiftVersion = Toolchain.version(in: String(decoding: header, as: UTF8.self)) ?? ""
    }

    private static func parent(of folder: String) -> String {
        folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
}

import Libc
import MHPipeIO
import MHPipeKit
import PipelineConfig

/// A library with plugins, built by `mhpipe plugin build`.
enum PluginLibrary {
    private typealias Refusal = PluginLoader.Refusal

    /// Loads libraries into this program.
    static let loader = PluginLoader { path throws(Refusal) in try load(path) }

    /// The function of a library that hands its plugins over.
    private static let entry = "mhpipe_plugins"

    /// What was loaded, by the paths behind all symbolic links; a library is never unloaded.
    private static let loaded = Locked<[String: PluginRegistry]>([:])

    private static func load(_ path: String) throws(Refusal) -> PluginRegistry {
        guard let resolved = unsafe FilePath(path).withSystemPath({ unsafe realpath($0, nil) }) else {
            throw unreadable(path, errno)
                ?? Refusal(
                    unsafe "cannot read the library '\(path)': \(String(cString: strerror(errno)))",
                    notes: ["to build it from its package: mhpipe plugin build DIR"]
                )
        }
        defer { unsafe free(resolved) }
        let place = unsafe ByteText.text(
            UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map { UInt8(bitPattern: $0) }
        )
        if let known = loaded.withLock({ $0[place] }) { return known }
        let host: HostProgram
        do {
            host = try HostProgram()
        } catch {
            if let number = MachineFault.present, let refusal = unreadable(path, number) { throw refusal }
            throw error
        }
        guard let bytes = WholeFile.read(place) else {
            throw unreadable(path, errno) ?? Refusal("cannot read the library '\(path)': \(WholeFile.reason)")
        }
        try check(bytes, path, host)
        let registry = try open(place, path)
        loaded.withLock { $0[place] = registry }
        return registry
    }

    /// What is said of a library that the machine does not open; nil where the library is to blame.
    private static func unreadable(_ path: String, _ number: Int32) -> Refusal? {
        guard MachineFault.isOne(number) else { return nil }
        var refusal = Refusal(
            "cannot read the library '\(path)': \(SystemFailure.reason(number))",
            notes: [MachineFault.advice(number)]
        )
        refusal.isMachineFault = true
        return refusal
    }

    /// Decides by the bytes alone whether the library may be loaded; nothing of it has run by then.
    static func check(_ bytes: [UInt8], _ path: String, _ host: HostProgram) throws(PluginLoader.Refusal) {
        guard let file = ELFFile(bytes), file.isSharedObject else {
            throw Refusal("'\(path)' is no library of plugins: it is no shared library", notes: [rebuild])
        }
        guard file.isWhole else {
            throw Refusal("'\(path)' is cut off: parts of the library are missing", notes: [rebuild])
        }
        guard !file.defines(HostProgram.kitSymbol) else {
            throw Refusal(
                "'\(path)' brings a copy of MHPipeKit of its own, whose types are not those of mhpipe",
                notes: [
                    "its package must not depend on the package of mhpipe; 'mhpipe plugin new NAME' makes one that does not"
                ]
            )
        }
        guard let stamp = PluginStamp(in: bytes) else {
            throw Refusal(
                "'\(path)' is no library of plugins: it lacks the stamp of 'mhpipe plugin build'",
                notes: [rebuild]
            )
        }
        guard stamp.build == host.buildID, file.machine == host.machine else {
            throw Refusal(
                "'\(path)' was built for another mhpipe",
                notes: ["it is for:  \(stamp.shown)", "this is:    \(host.stamp().shown)", rebuild]
            )
        }
    }

    private static let rebuild = "build it anew: mhpipe plugin build DIR"

    /// Loads a library; one of Swift's that it needs, and mhpipe itself does not, may lie where only mhpipe looks.
    private static func open(_ place: UnsafePointer<CChar>) -> UnsafeMutableRawPointer? {
        if let handle = unsafe dlopen(place, RTLD_NOW | RTLD_LOCAL) { return unsafe handle }
        _ = unsafe dlopen("libFoundationEssentials.so", RTLD_LAZY | RTLD_LOCAL)
        return unsafe dlopen(place, RTLD_NOW | RTLD_LOCAL)
    }

    private static func open(_ place: String, _ path: String) throws(Refusal) -> PluginRegistry {
        guard let handle = unsafe FilePath(place).withSystemPath({ unsafe open($0) }) else {
            if let number = MachineFault.present, let refusal = unreadable(path, number) { throw refusal }
            throw Refusal(
                "cannot load '\(path)'",
                notes: unsafe [dlerror().map { unsafe String(cString: $0) } ?? "no reason is given"]
            )
        }
        guard let symbol = unsafe dlsym(handle, entry) else {
            throw Refusal(
                "'\(path)' has no function '\(entry)', so it says nothing of its plugins",
                notes: ["write it as docs/writing-plugins.md shows it, with @_cdecl(\"\(entry)\")"]
            )
        }
        typealias Entry = @convention(c) () -> UnsafeMutableRawPointer
        guard let registry = unsafe PluginRegistry(handedOver: unsafeBitCast(symbol, to: Entry.self)()) else {
            throw Refusal("'\(path)' was linked with a copy of MHPipeKit of its own", notes: [rebuild])
        }
        return registry
    }
}

// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same rules; a warning stops the build.
let tested: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Each unsafe expression says that it is one; tests need not, since a mark does not reach into what `#expect` expands to.
let strict: [SwiftSetting] = tested + [.strictMemorySafety()]

/// The pkg-config name of a library, where the compiler does not find it by itself.
///
/// That is so with Homebrew. On Linux, a name here would only make SwiftPM warn where pkg-config is not installed.
func whereNeeded(_ pkgConfig: String) -> String? {
    #if os(macOS)
    pkgConfig
    #else
    nil
    #endif
}

/// Loaded plugins find the kit's symbols in the executable, so that there is one copy of it.
///
/// Types of a second copy would not be the same types; `docs/architecture.md` says more.
let exportedSymbols = LinkerSetting.unsafeFlags(
    ["-Xlinker", "--export-dynamic", "-Xlinker", "--build-id"],
    .when(platforms: [.linux])
)

let package = Package(
    name: "mhpipe",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "mhpipe", targets: ["mhpipe"]),
        .library(name: "MHPipeKit", targets: ["MHPipeKit"]),
        .library(name: "MHPipeTesting", targets: ["MHPipeTesting"]),
        // For the tests of loaded plugins, which have no sources of mhpipe to build; `make install` puts it beside the kit.
        .library(name: "mhpipe-testing", type: .dynamic, targets: ["MHPipeTesting"]),
        .library(name: "MHPipeCommand", targets: ["MHPipeCommand"]),
        .library(name: "MHPipeBuiltins", targets: ["MHPipeBuiltins"]),
        .library(name: "PipelineConfig", targets: ["PipelineConfig"]),
        .library(name: "MHPipePlan", targets: ["MHPipePlan"]),
        .library(name: "MHPipeRuntime", targets: ["MHPipeRuntime"]),
    ],
    targets: [
        // The system's C libraries, each the best of its kind. `make deps` installs them.
        .systemLibrary(
            name: "CISAL",
            pkgConfig: whereNeeded("libisal"),
            providers: [.apt(["libisal-dev"]), .brew(["isa-l"])]
        ),
        .systemLibrary(
            name: "CDeflate",
            pkgConfig: whereNeeded("libdeflate"),
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]
        ),
        // Only the shapes of its functions; the library is loaded when metrics are served.
        .systemLibrary(name: "CMicroHTTP"),
        // Likewise; the library is loaded when AWS is asked for something.
        .systemLibrary(name: "CCurl"),
        // malloc's settings, which the C library's module does not show.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(
            name: "CZstd",
            pkgConfig: whereNeeded("libzstd"),
            providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: whereNeeded("sqlite3"),
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        .systemLibrary(
            name: "CPCRE2",
            pkgConfig: whereNeeded("libpcre2-8"),
            providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]
        ),
        .target(
            name: "CSimdJSON",
            cxxSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("simdjson")]
        ),
        .target(name: "CProof", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "CQuotes", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "CChecksum", cSettings: [.treatAllWarnings(as: .error)]),

        // Importers above, imported below; `make build` refuses an import that is not declared here.
        .executableTarget(
            name: "mhpipe",
            dependencies: ["MHPipeCommand", "MHPipeBuiltins"],
            swiftSettings: strict,
            linkerSettings: [exportedSymbols]
        ),
        .target(
            name: "MHPipeCommand",
            dependencies: [
                "PipelineConfig", "MHPipeRuntime", "MHPipeTesting", "MHPipePlan", "MHPipeDigests", "MHPipeAWS",
                "MHPipeIO",
                "MHPipeKit",
                "CMalloc",
                "Libc",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "MHPipeBuiltins",
            dependencies: [
                "MHPipeKit", "MHPipeIO", "MHPipeAWS", "MHPipeDigests", "MHPipeConditions", "MHPipeMatching",
                "MHPipeReport", "MHPipeSynthetic", "CQuotes", "CSimdJSON", "CSQLite", "Libc",
            ],
            path: "Plugins/Builtin",
            swiftSettings: strict
        ),
        .target(
            name: "MHPipeRuntime",
            dependencies: ["MHPipePlan", "MHPipeKit", "MHPipeIO", "CProof", "CSimdJSON", "Libc"],
            swiftSettings: strict
        ),
        .target(
            name: "MHPipeDigests",
            dependencies: ["MHPipeAWS", "MHPipeKit", "MHPipeIO", "Libc"],
            swiftSettings: strict
        ),
        .target(name: "MHPipeConditions", dependencies: ["MHPipeKit", "MHPipeMatching"], swiftSettings: strict),
        .target(name: "MHPipeMatching", dependencies: ["MHPipeKit", "CPCRE2", "Libc"], swiftSettings: strict),
        .target(name: "PipelineConfig", dependencies: ["MHPipePlan", "MHPipeKit", "Libc"], swiftSettings: strict),
        .target(name: "MHPipeReport", dependencies: ["MHPipeKit"], swiftSettings: strict),
        .target(name: "MHPipeSynthetic", dependencies: ["MHPipeKit"], swiftSettings: strict),
        .target(name: "MHPipeAWS", dependencies: ["MHPipeKit", "MHPipeIO", "CCurl", "Libc"], swiftSettings: strict),
        .target(
            name: "MHPipeIO",
            dependencies: ["MHPipeKit", "CChecksum", "CISAL", "CDeflate", "CZstd", "CMicroHTTP", "Libc"],
            swiftSettings: strict
        ),
        .target(
            name: "MHPipeTesting",
            dependencies: ["MHPipeKit", "MHPipePlan", "PipelineConfig", "Libc"],
            swiftSettings: strict
        ),
        .target(name: "MHPipePlan", dependencies: ["MHPipeKit", "Libc"], swiftSettings: strict),
        .target(name: "MHPipeKit", dependencies: ["Libc"], swiftSettings: strict),
        .target(name: "Libc", swiftSettings: strict),

        // What `make bench` needs beside mhpipe; not installed.
        .executableTarget(
            name: "mhpipe-corpus",
            dependencies: ["MHPipeSynthetic", "CDeflate"],
            path: "Tests/Benchmarks/Corpus",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "mhpipe-limits",
            dependencies: ["CDeflate", "CSQLite", "CProof", "CChecksum"],
            path: "Tests/Benchmarks/Limits",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("deflate"), .linkedLibrary("sqlite3")]
        ),

        .target(
            name: "MHPipeTestSupport",
            dependencies: ["MHPipeKit", "MHPipeIO", "CSQLite"],
            path: "Tests/MHPipeTestSupport",
            swiftSettings: tested
        ),
        .tests("MHPipeKit"),
        .tests("MHPipeTesting", and: ["MHPipeKit", "MHPipeRuntime"]),
        .tests("PipelineConfig", and: ["MHPipeKit", "MHPipePlan", "MHPipeBuiltins"], exclude: ["Golden"]),
        .tests("MHPipeConditions", and: ["MHPipeKit", "MHPipeRuntime"]),
        .tests("MHPipeMatching", and: ["MHPipeKit"]),
        .tests("MHPipeReport", and: ["MHPipeKit", "MHPipeIO"]),
        .tests("MHPipeIO", and: ["CDeflate", "CISAL", "CZstd", "Libc"]),
        .tests("MHPipeDigests", and: ["MHPipeKit", "MHPipeIO"]),
        .tests("MHPipeAWS", and: ["MHPipeKit", "MHPipeIO", "Libc"]),
        .tests("MHPipeRuntime", and: ["MHPipeKit", "MHPipePlan", "MHPipeIO"]),
        .tests(
            "MHPipeBuiltins",
            and: [
                "MHPipeKit", "MHPipePlan", "MHPipeConditions", "MHPipeIO", "MHPipeDigests", "MHPipeReport",
                "MHPipeSynthetic",
                "PipelineConfig",
                "MHPipeRuntime",
                "MHPipeTesting", "CQuotes", "CSQLite", "Libc",
            ]
        ),
        .tests(
            "MHPipeCommand",
            and: ["MHPipeKit", "MHPipePlan", "PipelineConfig", "MHPipeRuntime", "MHPipeBuiltins", "Libc", "mhpipe"],
            exclude: ["Golden"]
        ),
    ],
    cxxLanguageStandard: .cxx17
)

// What `make fuzz` runs under libFuzzer is a part of the tests otherwise: they run it on its corpus.
let fuzzed: [Target.Dependency] = [
    "MHPipeKit", "MHPipePlan", "PipelineConfig", "MHPipeConditions", "MHPipeIO", "MHPipeRuntime", "MHPipeBuiltins",
    "MHPipeTestSupport", "Libc",
]
package.targets.append(
    Context.environment["MHPIPE_LIBFUZZER"] == nil
        ? .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Driver", "corpus", "leaks.supp", "run"],
            swiftSettings: tested
        )
        : .executableTarget(
            name: "mhpipe-fuzz",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["CorpusTests.swift", "corpus", "leaks.supp", "run"],
            swiftSettings: tested
        )
)

extension Target {
    /// The tests of one module, in the folder of the same name.
    static func tests(_ module: String, and others: [String] = [], exclude: [String] = []) -> Target {
        testTarget(
            name: module + "Tests",
            dependencies: ([module, "MHPipeTestSupport"] + others).map { Dependency(stringLiteral: $0) },
            exclude: exclude,
            swiftSettings: tested
        )
    }
}

// swift-tools-version: 6.2
import PackageDescription

/// A warning stops the build.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The pkg-config name of a library, where the compiler does not find it by itself, as with Homebrew.
func whereNeeded(_ pkgConfig: String) -> String? {
    #if os(macOS)
    pkgConfig
    #else
    nil
    #endif
}

let package = Package(
    name: "mhpipe-postgresql",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "mhpipe-postgresql", targets: ["MHPipePostgreSQL"])],
    dependencies: [
        // A path makes its last folder the package's name, so the name is given: a checkout may be called anything.
        .package(name: "mhpipe", path: "../..")
    ],
    targets: [
        .systemLibrary(
            name: "CPostgreSQL",
            pkgConfig: whereNeeded("libpq"),
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .executableTarget(
            name: "MHPipePostgreSQL",
            dependencies: [
                "CPostgreSQL",
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipeBuiltins", package: "mhpipe"),
                .product(name: "MHPipeCommand", package: "mhpipe"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MHPipePostgreSQLTests",
            dependencies: [
                "MHPipePostgreSQL",
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipePlan", package: "mhpipe"),
                .product(name: "MHPipeTesting", package: "mhpipe"),
                .product(name: "PipelineConfig", package: "mhpipe"),
                .product(name: "MHPipeRuntime", package: "mhpipe"),
            ],
            swiftSettings: strict
        ),
    ]
)

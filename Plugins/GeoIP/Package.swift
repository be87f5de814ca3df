// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same rules as mhpipe itself; a warning stops the build.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The pkg-config name of a library, where the compiler does not find it by itself.
func whereNeeded(_ pkgConfig: String) -> String? {
    #if os(macOS)
    pkgConfig
    #else
    nil
    #endif
}

let package = Package(
    name: "mhpipe-geoip",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "mhpipe-geoip", targets: ["mhpipe-geoip"]),
        // For programs with more plugins than this one.
        .library(name: "MHPipeGeoIP", targets: ["MHPipeGeoIP"]),
    ],
    dependencies: [
        // A path makes its last folder the package's name, so the name is given: a checkout may be called anything.
        .package(name: "mhpipe", path: "../..")
    ],
    targets: [
        .systemLibrary(
            name: "CMaxMindDB",
            pkgConfig: whereNeeded("libmaxminddb"),
            providers: [.apt(["libmaxminddb-dev"]), .brew(["libmaxminddb"])]
        ),
        .target(
            name: "MHPipeGeoIP",
            dependencies: ["CMaxMindDB", .product(name: "MHPipeKit", package: "mhpipe")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "mhpipe-geoip",
            dependencies: [
                "MHPipeGeoIP",
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipeBuiltins", package: "mhpipe"),
                .product(name: "MHPipeCommand", package: "mhpipe"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MHPipeGeoIPTests",
            dependencies: [
                "MHPipeGeoIP",
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipeBuiltins", package: "mhpipe"),
                .product(name: "MHPipePlan", package: "mhpipe"),
                .product(name: "MHPipeTesting", package: "mhpipe"),
                .product(name: "PipelineConfig", package: "mhpipe"),
                .product(name: "MHPipeRuntime", package: "mhpipe"),
            ],
            swiftSettings: strict
        ),
    ]
)

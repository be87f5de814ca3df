// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "mhpipe-example",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "mhpipe-example", targets: ["MHPipeExample"])],
    dependencies: [
        // A path makes its last folder the package's name, so the name is given: a checkout may be called anything.
        .package(name: "mhpipe", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "MHPipeExample",
            dependencies: [
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipeBuiltins", package: "mhpipe"),
                .product(name: "MHPipeCommand", package: "mhpipe"),
            ]
        ),
        .testTarget(
            name: "MHPipeExampleTests",
            dependencies: [
                "MHPipeExample",
                .product(name: "MHPipeKit", package: "mhpipe"),
                .product(name: "MHPipeTesting", package: "mhpipe"),
                .product(name: "PipelineConfig", package: "mhpipe"),
                .product(name: "MHPipeRuntime", package: "mhpipe"),
            ]
        ),
    ]
)

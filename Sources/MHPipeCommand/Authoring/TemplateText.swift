/// The texts of a new package, with places such as `@NAME@` that `PluginTemplate` fills.
enum TemplateText {
    static let libraryPackage = """
        // swift-tools-version: 6.2
        import PackageDescription

        /// Where mhpipe keeps what plugins are built against; `mhpipe plugin build` sets the variable.
        let kit = Context.environment["MHPIPE_KIT"] ?? "@PLACE@"

        let package = Package(
            name: "@NAME@",
            products: [.library(name: "@MODULE@", type: .dynamic, targets: ["@MODULE@"])],
            targets: [
                .target(name: "@MODULE@", swiftSettings: [.unsafeFlags(["-I", kit])]),
                .testTarget(
                    name: "@MODULE@Tests",
                    dependencies: ["@MODULE@"],
                    swiftSettings: [.unsafeFlags(["-I", kit])],
                    linkerSettings: [
                        .unsafeFlags(["-L", kit, "-lmhpipe-testing", "-Xlinker", "-rpath", "-Xlinker", kit])
                    ]
                ),
            ]
        )

        """

    static let programPackage = """
        // swift-tools-version: 6.2
        import PackageDescription

        /// Where the sources of mhpipe are.
        let mhpipe = Context.environment["MHPIPE_SOURCES"] ?? "@PLACE@"

        let package = Package(
            name: "@NAME@",
            platforms: [.macOS(.v15)],
            products: [.executable(name: "@NAME@", targets: ["@MODULE@"])],
            dependencies: [.package(name: "mhpipe", path: mhpipe)],
            targets: [
                .executableTarget(
                    name: "@MODULE@",
                    dependencies: [
                        .product(name: "MHPipeKit", package: "mhpipe"),
                        .product(name: "MHPipeBuiltins", package: "mhpipe"),
                        .product(name: "MHPipeCommand", package: "mhpipe"),
                    ]
                ),
                .testTarget(
                    name: "@MODULE@Tests",
                    dependencies: [
                        "@MODULE@",
                        .product(name: "MHPipeKit", package: "mhpipe"),
                        .product(name: "MHPipeTesting", package: "mhpipe"),
                    ]
                ),
            ]
        )

        """

    static let library = """
        import MHPipeKit

        /// Hands the plugins of this library to the mhpipe that has loaded it.
        @_cdecl("mhpipe_plugins")
        public func plugins() -> UnsafeMutableRawPointer {
            PluginRegistry(@KINDS@: [@TYPE@.self]).handedOver()
        }

        """

    static let main = """
        import MHPipeBuiltins
        import MHPipeCommand
        import MHPipeKit

        @main
        struct Main {
            static func main() {
                CommandLineTool.main(plugins: PluginRegistry.builtin.adding(@KINDS@: [@TYPE@.self]))
            }
        }

        """

    static let libraryReadme = """
        # @NAME@

        A @KIND@ for mhpipe, in a library that mhpipe loads.

            mhpipe plugin build      # makes @LIBRARY@ for the mhpipe that is installed
            mhpipe plugin test       # tries it with everything that must hold for any plugin
            mhpipe run pipeline.conf # runs it
            swift test               # runs the tests of this package

        `samples.conf` holds the options with which the tests try the plugin. A new version of mhpipe needs a new library:
        run `mhpipe plugin build` again.

        """

    static let programReadme = """
        # @NAME@

        A @KIND@ for mhpipe, and a program that is mhpipe with this @KIND@ beside the built-in plugins.

            swift run @NAME@ plugins @NAME@
            swift run @NAME@ run pipeline.conf
            swift test

        `samples.conf` holds the options with which the tests try the plugin. `swift build -c release` makes the program,
        `.build/release/@NAME@`.

        """

    static let tests = """
        import Foundation
        import MHPipeKit
        import MHPipeTesting
        import Testing

        @testable import @MODULE@

        @Suite struct @TYPE@Tests {
            @Test func keepsWhatMustHoldForAnyPlugin() throws {
                let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
                let samples = try String(contentsOf: package.appending(path: "samples.conf"), encoding: .utf8)
                let registry = PluginRegistry(@KINDS@: [@TYPE@.self])
                let findings = try PluginConformance.check(registry, samples: PluginSamples(parsing: samples))
                for finding in findings { Issue.record("\\(finding)") }
            }


        """
}

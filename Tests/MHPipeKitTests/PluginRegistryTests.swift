import MHPipeKit
import Testing

@Suite struct PluginRegistryTests {
    private struct First: Transform {
        static let name = "first"
        static let summary = "Does nothing."

        init(_ options: NoOptions, _ context: PluginContext) {}
        mutating func process(_ batch: EventBatch) {}
    }

    private struct Second: Transform {
        static let name = "second"
        static let summary = "Does nothing else."

        struct Options: PluginOptions {
            var size = 3
            static let all: [Option<Options>] = [.optional("size", \.size, "How many.", example: "5")]
        }

        init(_ options: Options, _ context: PluginContext) {}
        mutating func process(_ batch: EventBatch) {}
    }

    @Test func findsPluginsByKindAndName() {
        let registry = PluginRegistry(transforms: [First.self]).adding(transforms: [Second.self])
        #expect(registry.transform("first") == First.self)
        #expect(registry.transform("second") == Second.self)
        #expect(registry.transform("third") == nil)
        #expect(registry.source("first") == nil && registry.sink("first") == nil)
    }

    @Test func describesPluginsInTheirOrder() throws {
        let registry = PluginRegistry(transforms: [Second.self, First.self])
        #expect(registry.descriptions.map(\.name) == ["second", "first"])
        #expect(registry.descriptions.allSatisfy { $0.kind == .transform })
        let option = try #require(registry.descriptions.first?.options.first)
        #expect(option.key == "size" && option.defaultText == "3" && option.example == "5" && !option.isRequired)
        #expect(option.typeName == "a whole number" && option.help == "How many.")
        #expect(registry.descriptions.last?.options.isEmpty == true)
    }

    @Test func twoPluginsOfOneNameAreAMistakeOfTheProgram() async {
        await #expect(processExitsWith: .failure) {
            _ = PluginRegistry(transforms: [First.self]).adding(transforms: [First.self])
        }
    }
}

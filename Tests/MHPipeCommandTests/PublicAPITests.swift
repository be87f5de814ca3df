import Foundation
import MHPipeTestSupport
import Testing

/// What plugins outside can use is listed in `Golden`, so that a change of it is a decision; `make api` lists it anew.
@Suite(.timeLimit(.minutes(30))) struct PublicAPITests {
    /// The parts of a symbol graph that the list shows.
    private struct Graph: Decodable {
        struct Symbol: Decodable {
            struct Identifier: Decodable {
                let precise: String
            }

            struct Fragment: Decodable {
                let spelling: String
            }

            let identifier: Identifier
            let pathComponents: [String]
            let declarationFragments: [Fragment]
        }

        struct Relationship: Decodable {
            let kind: String
            let source: String
            let target: String
            let targetFallback: String?
        }

        let symbols: [Symbol]
        let relationships: [Relationship]
    }

    @Test(arguments: ["MHPipeKit", "MHPipeTesting"])
    func isAsListed(module: String) throws {
        let lines = try Set(graphs(of: module).flatMap(lines))
        #expect(lines.count > 20)
        let text = lines.sorted().joined(separator: "\n") + "\n"
        if let difference = try Golden().difference(text, from: "api-\(module).txt") {
            Issue.record("\(difference)\nif it shall be so, list it anew with 'make api'")
        }
    }

    private func graphs(of module: String) throws -> [Graph] {
        let folder = try TemporaryDirectory()
        let extract = try #require(ExternalProgram("swift-symbolgraph-extract"))
        let build = URL(filePath: Mhpipe.path).deletingLastPathComponent()
        let result = try extract.run([
            "-module-name", module, "-I", build.appending(path: "Modules").path(percentEncoded: false), "-target",
            try target(),
            "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", folder.path(""),
        ])
        try #require(result.status == 0, "\(result.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        return try names.filter { $0.hasSuffix(".symbols.json") }.map {
            try JSONDecoder().decode(Graph.self, from: folder.read($0))
        }
    }

    /// One line for each symbol and each conformance: where it is, and how it is declared.
    private func lines(_ graph: Graph) -> [String] {
        var names: [String: String] = [:]
        for symbol in graph.symbols { names[symbol.identifier.precise] = symbol.pathComponents.joined(separator: ".") }
        let symbols = graph.symbols.map { symbol in
            let declaration = symbol.declarationFragments.map(\.spelling).joined().split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
            return "\(symbol.pathComponents.joined(separator: "."))  \(declaration)"
        }
        let conformances = graph.relationships.filter { $0.kind == "conformsTo" }.compactMap {
            relationship -> String? in
            guard let type = names[relationship.source],
                let target = names[relationship.target] ?? relationship.targetFallback
            else { return nil }
            return "\(type): \(target)"
        }
        return symbols + conformances
    }

    /// The processor and system that the compiler builds for.
    private func target() throws -> String {
        struct Info: Decodable {
            struct Target: Decodable {
                let triple: String
            }

            let target: Target
        }
        let result = try #require(ExternalProgram("swiftc")).run(["-print-target-info"])
        return try JSONDecoder().decode(Info.self, from: result.output).target.triple
    }
}

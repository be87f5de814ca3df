import MHPipeKit
import Testing

@testable import MHPipeCommand

@Suite struct ArgumentParserTests {
    private struct Values: Sendable, Equatable {
        var files: [String] = []
        var last = ""
        var count = 1
        var names: [String] = []
        var isQuiet = false
        var isLoud = false
    }

    private let parser = ArgumentParser<Values>(
        command: "try",
        parameters: [
            .positionals("FILE", \.files, "The files."),
            .positional("LAST", \.last, "The last one."),
            .option("count", "N", \.count, "A number."),
            .repeated("name", "NAME", \.names, "A name."),
            .flag("quiet", short: "q", \.isQuiet, "Says less."),
            .flag("loud", \.isLoud, "Says more."),
        ]
    )

    private func parse(_ words: [String]) throws(UsageError) -> Values? {
        if case .values(let values) = try parser.parse(words[...], into: Values()) { values } else { nil }
    }

    @Test(arguments: [
        (["a", "b"], Values(files: ["a"], last: "b")),
        (["a", "b", "c"], Values(files: ["a", "b"], last: "c")),
        (["--count", "3", "a", "b"], Values(files: ["a"], last: "b", count: 3)),
        (["--count=3", "a", "b"], Values(files: ["a"], last: "b", count: 3)),
        (["a", "b", "--count", "3"], Values(files: ["a"], last: "b", count: 3)),
        (["a", "--quiet", "b"], Values(files: ["a"], last: "b", isQuiet: true)),
        (["a", "-q", "b"], Values(files: ["a"], last: "b", isQuiet: true)),
        (["-q", "--quiet", "-q", "a", "b"], Values(files: ["a"], last: "b", isQuiet: true)),
        (["--name", "x", "--name=y", "a", "b"], Values(files: ["a"], last: "b", names: ["x", "y"])),
        (["--name=x=y", "a", "b"], Values(files: ["a"], last: "b", names: ["x=y"])),
        (["--name=", "a", "b"], Values(files: ["a"], last: "b", names: [""])),
        (["--name=--quiet", "a", "b"], Values(files: ["a"], last: "b", names: ["--quiet"])),
        (["--name", "-", "a", "b"], Values(files: ["a"], last: "b", names: ["-"])),
        (["--count=-3", "a", "b"], Values(files: ["a"], last: "b", count: -3)),
        (["-", "-"], Values(files: ["-"], last: "-")),
        (["a", "--", "--quiet"], Values(files: ["a"], last: "--quiet")),
        (["--", "--help", "--", "-q"], Values(files: ["--help", "--"], last: "-q")),
        (["a b", "c d"], Values(files: ["a b"], last: "c d")),
    ])
    private func readsWords(words: [String], expected: Values) throws {
        #expect(try parse(words) == expected)
    }

    @Test(arguments: [["--help"], ["-h"], ["a", "--help"], ["--count", "3", "-h", "--nonsense"]])
    func helpEndsTheReading(words: [String]) throws {
        #expect(try parse(words) == nil)
    }

    @Test(arguments: [
        ([], "'try' needs FILE... LAST"),
        (["a"], "'try' needs FILE... LAST, not only 'a'"),
        (["--count"], "'--count' needs a value: --count N"),
        (["--count", "--quiet"], "'--count' needs a value, and '--quiet' looks like an option"),
        (["--count", "-3", "a", "b"], "'--count' needs a value, and '-3' looks like an option"),
        (["--count", "many"], "'--count' needs a whole number, not 'many'"),
        (["--count="], "'--count' needs a whole number, not ''"),
        (["--count", "3", "--count=3"], "'--count' is given twice, and takes one value: leave one of them out"),
        (["--quiet=yes"], "'--quiet' takes no value, but was given 'yes'"),
        (["--cuont", "3"], "'try' has no option '--cuont'; did you mean '--count'?"),
        (["--cuont=3"], "'try' has no option '--cuont'; did you mean '--count'?"),
        (["-count"], "'try' has no option '-count'; did you mean '--count'?"),
        (["--hlep"], "'try' has no option '--hlep'; did you mean '--help'?"),
        (["--Quiet"], "'try' has no option '--Quiet'; did you mean '--quiet'?"),
        (["--wherever"], "'try' has no option '--wherever'"),
        (["-x"], "'try' has no option '-x'"),
    ])
    func refusesMistakes(words: [String], message: String) {
        let error = #expect(throws: UsageError.self) { try parse(words) }
        #expect(error?.message == message)
    }

    @Test func refusesTooManyArguments() {
        let parser = ArgumentParser<Values>(
            command: "try",
            parameters: [.positional("LAST", \.last, "The last one.")]
        )
        let error = #expect(throws: UsageError.self) { try parser.parse(["a", "b"], into: Values()) }
        #expect(error?.message == "'try' has no use for 'b'")
    }

    @Test func saysHowToPassAValueThatLooksLikeAnOption() {
        let error = #expect(throws: UsageError.self) { try parse(["--name", "-x"]) }
        #expect(error?.advice == ["if it is the value, write '--name=-x'"])
    }
}

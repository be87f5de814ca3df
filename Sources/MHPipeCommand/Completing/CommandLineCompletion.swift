import MHPipeKit

/// What could stand in the place of the last word of a command line, as the declarations of commands say it.
struct CommandLineCompletion {
    /// A word, or a piece of one.
    struct Candidate: Equatable {
        let value: String
        let help: String
    }

    /// Which paths the shell is to offer by itself.
    enum Paths: String {
        case none
        case files
        case folders
    }

    private(set) var candidates: [Candidate] = []
    private(set) var paths = Paths.none
    /// The start of the word that stays, before each candidate or path.
    private(set) var kept = ""

    private let plugins: PluginRegistry
    private let environment: [String: String]
    /// How much of what is to come behind `kept` stands there.
    private var typed = ""

    /// Looks for what can be typed.
    ///
    /// - Parameters:
    ///   - words: The words behind `mhpipe`; the last one is to be completed, and may be empty.
    ///   - plugins: The plugins that pipelines may name; libraries are not loaded for it.
    ///   - environment: The environment's variables.
    init(_ words: [String], plugins: PluginRegistry, environment: [String: String] = [:]) {
        self.plugins = plugins
        self.environment = environment
        complete(words.dropLast(), words.last ?? "")
    }

    /// The answer to the script of a shell: which paths, a tab, what is kept; then a line a candidate, with its help.
    var text: String { text(of: candidates) }

    /// The same for bash, which gets the line itself and puts in what it is answered as it is.
    func text(forLine line: String) -> String {
        text(
            of: candidates.compactMap { candidate in
                ShellWords.replacement(candidate.value, typed: typed, in: line).map {
                    Candidate(value: $0, help: candidate.help)
                }
            }
        )
    }

    private func text(of candidates: [Candidate]) -> String {
        let lines = candidates.map { "\($0.value.visible)\t\($0.help.visible)" }
        return (["\(paths.rawValue)\t\(kept.visible)"] + lines).map { $0 + "\n" }.joined()
    }

    private mutating func complete(_ before: ArraySlice<String>, _ current: String) {
        guard let first = before.first else { return offer(Self.firstWords + Self.firstFlags, for: current) }
        if CommandList.helpFlags.contains(first) || first == "help" {
            return complete(command: current, behind: before.dropFirst())
        }
        if before.count == 1, CommandList.isGroup(first) {
            return offer(Self.members(of: first) + [Self.help], for: current)
        }
        guard let (command, rest) = try? CommandList.command(before) else { return }
        complete(command, Array(rest), current)
    }

    private mutating func complete<C: Command>(_ command: C.Type, _ words: [String], _ current: String) {
        let line = TypedWords(words, parameters: C.parameters)
        if let option = line.pending { return complete(option.description, current, line) }
        let options = C.parameters.filter { $0.description.count == nil }
        if !line.isPastOptions, current.hasPrefix("-"), current != "-" || !options.isEmpty {
            if let sign = current.firstIndex(of: "=") {
                let typed = current[..<sign]
                guard let option = options.first(where: { "--\($0.description.name)" == typed }) else { return }
                kept = String(current[...sign])
                return complete(option.description, String(current[current.index(after: sign)...]), line)
            }
            return offer(Self.candidates(options, line), for: current)
        }
        guard let positional = line.nextPositional else {
            // There is nothing left but options, so they are shown unasked.
            return line.isPastOptions || !current.isEmpty ? () : offer(Self.candidates(options, line), for: "")
        }
        complete(positional, current, line)
    }

    private mutating func complete(_ parameter: ParameterDescription, _ typed: String, _ line: TypedWords) {
        switch parameter.completion {
        case .nothing: break
        case .words(let words): offer(words.map { Candidate(value: $0, help: "") }, for: typed)
        case .files: paths = .files
        case .folders: paths = .folders
        case .commands: complete(command: typed, behind: [])
        case .plugins: offer(pluginNames, for: typed)
        case .tests: offer(line.files.flatMap { places(of: $0).tests }, for: typed)
        case .settings:
            if let sign = typed.firstIndex(of: "=") {
                kept += typed[...sign]
                paths = .files
            } else {
                offer(line.files.flatMap { places(of: $0).candidates(for: typed) }, for: typed)
            }
        }
    }

    private func places(of file: String) -> PipelinePlaces {
        PipelinePlaces(file, plugins: plugins, environment: environment)
    }

    private mutating func complete(command typed: String, behind words: ArraySlice<String>) {
        switch words.first {
        case nil: offer(Self.firstWords, for: typed)
        case let group? where words.count == 1: offer(Self.members(of: group), for: typed)
        default: break
        }
    }

    private mutating func offer(_ candidates: [Candidate], for typed: String) {
        self.typed = typed
        var known: Set<String> = []
        // Flags stay out of the way of whoever has typed nothing yet.
        let isFlag = typed.hasPrefix("-")
        self.candidates = candidates.filter { candidate in
            candidate.value.hasPrefix(typed) && known.insert(candidate.value).inserted
        }
        if !isFlag, self.candidates.contains(where: { !$0.value.hasPrefix("-") }) {
            self.candidates.removeAll { $0.value.hasPrefix("-") }
        }
    }

    /// Plugins by name, since a source and a sink may share one.
    private var pluginNames: [Candidate] {
        let descriptions = plugins.descriptions
        return descriptions.map { plugin in
            let kinds = descriptions.filter { $0.name == plugin.name }.map(\.kind.rawValue)
            let help = kinds.count > 1 ? kinds.joined(separator: ", ") : "\(kinds[0]): \(plugin.summary.firstSentence)"
            return Candidate(value: plugin.name, help: help)
        }
    }

    /// The options that can still be given.
    private static func candidates<Root>(_ options: [Parameter<Root>], _ line: TypedWords) -> [Candidate] {
        let free = options.filter { $0.repeats || !line.given.contains($0.description.name) }
        return free.map { Candidate(value: "--\($0.description.name)", help: $0.description.help.firstSentence) } + [
            help
        ]
    }

    private static let help = Candidate(value: "--help", help: ParameterDescription.help.help.firstSentence)

    private static var firstWords: [Candidate] {
        CommandList.all.map { command in
            let word = String(command.name.prefix { $0 != " " })
            let isGroup = word != command.name
            let members = isGroup ? members(of: word).map(\.value).joined(separator: ", ") : ""
            return Candidate(value: word, help: isGroup ? members : command.summary.firstSentence)
        } + [
            Candidate(value: "help", help: "Shows what a command takes"),
            Candidate(value: "version", help: "Shows the version"),
        ]
    }

    private static let firstFlags = [help, Candidate(value: "--version", help: "Shows the version")]

    private static func members(of group: String) -> [Candidate] {
        CommandList.all.filter { $0.name.hasPrefix(group + " ") }.map {
            Candidate(value: String($0.name.dropFirst(group.count + 1)), help: $0.summary.firstSentence)
        }
    }
}

extension String {
    /// What stands before the first full stop or semicolon that a space follows.
    var firstSentence: String {
        var sentence = ""
        for (place, character) in zip(indices, self) {
            let next = index(after: place)
            if ".;".contains(character), next == endIndex || self[next] == " " { break }
            sentence.append(character)
        }
        return sentence
    }
}

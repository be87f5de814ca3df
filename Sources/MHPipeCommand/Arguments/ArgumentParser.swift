/// Reads the words after a command's name.
///
/// Options and other arguments may be mixed; `--` ends the options, and `-` alone is an argument.
struct ArgumentParser<Root: Sendable> {
    /// What came of the words.
    enum Outcome {
        /// Everything that was asked for.
        case values(Root)
        /// `--help` was among them.
        case help
    }

    /// The command's name, for messages.
    let command: String
    /// What the command takes.
    let parameters: [Parameter<Root>]

    /// Reads the words into values.
    ///
    /// - Throws: `UsageError` for the first mistake.
    func parse(_ words: ArraySlice<String>, into defaults: Root) throws(UsageError) -> Outcome {
        var values = defaults
        var positionals: [String] = []
        var given: Set<String> = []
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                positionals += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                continue
            }
            if word == "--help" || word == "-h" { return .help }
            let option = try readOption(word, &rest, &values)
            let isNew = given.insert(option.description.name).inserted
            guard isNew || option.repeats || option.description.form == .flag else {
                throw .repeatedOption(option.description)
            }
        }
        try assign(positionals, &values)
        return .values(values)
    }

    private func readOption(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        _ values: inout Root
    ) throws(UsageError) -> Parameter<Root> {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let typed = String(parts[0])
        guard let parameter = parameters.first(where: { $0.description.isWritten(typed) }) else {
            let names = parameters.map(\.description).filter { $0.count == nil }.map(\.name)
            throw .unknownOption(typed, of: command, among: names + [ParameterDescription.help.name])
        }
        var value = parts.count == 2 ? String(parts[1]) : nil
        if parameter.description.form == .flag {
            if let value { throw .unwantedValue(parameter.description, value) }
        } else if value == nil {
            value = try takeValue(of: parameter.description, &rest)
        }
        try read(value ?? "", parameter, &values)
        return parameter
    }

    private func takeValue(
        of option: ParameterDescription,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let next = rest.first else { throw .missingValue(option) }
        guard !next.hasPrefix("-") || next == "-" else { throw .optionAsValue(option, next) }
        rest.removeFirst()
        return next
    }

    /// Gives each positional its words: those that stand for one word get it, the one that stands for several the rest.
    private func assign(_ words: [String], _ values: inout Root) throws(UsageError) {
        let positionals = parameters.filter { $0.description.count != nil }
        var rest = words[...]
        var needed = positionals.count { $0.description.count != .optional }
        for parameter in positionals {
            if parameter.description.count != .optional { needed -= 1 }
            let available = rest.count - needed
            let count =
                switch parameter.description.count {
                case .several: max(available, 0)
                default: min(max(available, 0), 1)
                }
            if count == 0, parameter.description.count != .optional {
                throw .missingPositional(positionals.map(\.description), of: command, given: words)
            }
            for word in rest.prefix(count) { try read(word, parameter, &values) }
            rest = rest.dropFirst(count)
        }
        if let unwanted = rest.first { throw .unwantedPositional(unwanted, of: command) }
    }

    private func read(_ text: String, _ parameter: Parameter<Root>, _ values: inout Root) throws(UsageError) {
        do {
            try parameter.read(text, &values)
        } catch {
            throw .badValue(parameter.description, error)
        }
    }
}

extension ParameterDescription {
    fileprivate func isWritten(_ typed: String) -> Bool {
        count == nil && (typed == "--\(name)" || short.map { typed == "-\($0)" } ?? false)
    }
}

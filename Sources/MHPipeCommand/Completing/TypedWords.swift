/// What stands on a line before the word that is completed; mistakes in it are of no account.
struct TypedWords {
    /// The option whose value comes next.
    private(set) var pending: (description: ParameterDescription, repeats: Bool)?
    /// The names of the options that stand there.
    private(set) var given: Set<String> = []
    /// True behind `--`, where no word is an option.
    private(set) var isPastOptions = false
    private var positionals: [String] = []
    private let declared: [ParameterDescription]

    init<Root>(_ words: [String], parameters: [Parameter<Root>]) {
        declared = parameters.map(\.description).filter { $0.count != nil }
        for word in words {
            if pending != nil {
                pending = nil
            } else if isPastOptions || !word.hasPrefix("-") || word == "-" {
                positionals.append(word)
            } else if word == "--" {
                isPastOptions = true
            } else {
                let typed = word.prefix { $0 != "=" }
                let option = parameters.first { parameter in
                    let description = parameter.description
                    return description.count == nil
                        && ("--\(description.name)" == typed || description.short.map { "-\($0)" == typed } ?? false)
                }
                guard let option else { continue }
                given.insert(option.description.name)
                let needsValue = option.description.valueName != nil && typed.count == word.count
                pending = needsValue ? (option.description, option.repeats) : nil
            }
        }
    }

    /// What the next argument stands for; nil when all have been given.
    var nextPositional: ParameterDescription? {
        let several = declared.firstIndex { $0.count == .several }
        if let several, positionals.count >= several { return declared[several] }
        return positionals.count < declared.count ? declared[positionals.count] : nil
    }

    /// The arguments that name pipeline files, as all commands that take settings call them.
    var files: [String] {
        guard let place = declared.firstIndex(where: { $0.name == "FILE" }) else { return [] }
        return declared[place].count == .several
            ? Array(positionals.dropFirst(place)) : positionals[safe: place].map { [$0] } ?? []
    }
}

extension Array {
    fileprivate subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}

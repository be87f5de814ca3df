import MHPipeKit

/// `mhpipe man [PAGE]`.
struct ManCommand: Command {
    static let name = "man"
    static let summary = "Prints a page of the manual, or writes all of them for 'man' to find."
    static let notes = """
        Pages are 'mhpipe', 'pipeline' and the commands, such as 'run' and 'plugin-new'. Packages have put them in their places.

        Examples:
          mhpipe man run | man -l -
          mhpipe man --write ~/.local/share/man
        """

    static let parameters: [Parameter<ManCommand>] = [
        .optionalPositional(
            "PAGE",
            \.page,
            "The page to print on standard output; left out, that of mhpipe.",
            completion: .words(ManPages.names)
        ),
        .option(
            "write",
            "DIR",
            \.folder,
            "Writes all pages into man1 and man5 below this folder, in the place of those that are there."
        ),
    ]

    var page: String?
    var folder: OutputTree?

    func run(in context: CommandContext) throws -> ExitCode {
        let pages = ManPages(context.plugins.descriptions).all
        guard let folder else {
            let name = page ?? "mhpipe"
            guard let place = ManPages.names.firstIndex(of: name) else {
                let label = Suggestion.label(for: name, among: ManPages.names).map { "; \($0)" } ?? ""
                throw UsageError(
                    "there is no page '\(name)'\(label)",
                    advice: ["the pages: " + ManPages.names.joined(separator: ", ")]
                )
            }
            try context.console.write(pages[place].text)
            return .success
        }
        if let page { throw UsageError.unwantedPositional(page, of: "man --write") }
        try TextFile.makeFolder(folder.path)
        for section in Set(pages.map(\.section)).sorted() { try TextFile.makeFolder("\(folder.path)/man\(section)") }
        for page in pages { try TextFile.write(page.text, to: "\(folder.path)/\(page.file)") }
        context.console.say("\(folder.path): \(Readable.count(pages.count, "page"))")
        return .success
    }
}

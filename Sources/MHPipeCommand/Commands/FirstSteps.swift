/// What `mhpipe` alone shows: what to type next.
enum FirstSteps {
    /// The lines that a person types first, in the order in which they are of use.
    static let lines: [(line: String, what: String)] = [
        ("mhpipe stats AWSLogs", "What is in a folder of log files."),
        ("mhpipe report AWSLogs report.html", "A page about it: migrations, who did what, failures, gaps."),
        ("mhpipe convert AWSLogs events.csv", "Its events as a table; as a database where the name ends in .db."),
        (
            "mhpipe init audit.conf --input AWSLogs --output audit.db",
            "A pipeline file of your own, with comments; without options it asks."
        ),
        ("mhpipe check audit.conf", "What is wrong with a pipeline file."),
        ("mhpipe run audit.conf", "Runs it."),
    ]

    static func text(width: Int = HelpPage.widest) -> String {
        let text = """
            mhpipe \(Version.current) reads AWS CloudTrail logs, keeps what you ask for and writes it as JSON
            lines, CSV or SQLite.

            To begin with, where AWSLogs is a folder with your log files:
            \(HelpPage.table(lines, width: width))

            'mhpipe --help' lists all commands, 'mhpipe COMMAND --help' what one of them takes.
            """
        return TextWrapping.fitted(text, width: width) + "\n"
    }
}

/// What is said of what a report cannot know.
enum ReportWords {
    /// The command that makes a database with all that a report asks for.
    static let command = "mhpipe convert TRAIL all.db --once --migration --identity --origin --call"

    /// What is said in the place of a section whose fields nobody has added.
    static func missing(_ key: String) -> String {
        """
        Not known: the events came without '\(key)', so nothing can be said here. '\(command)' makes a database that has it, \
        and 'mhpipe report TRAIL FILE' reads the trail itself.
        """
    }
}

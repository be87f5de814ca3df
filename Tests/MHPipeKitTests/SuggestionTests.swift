import MHPipeKit
import Testing

@Suite struct SuggestionTests {
    private static let words = ["path", "include", "exclude", "formula_guard", "as", "migration_hub"]

    @Test(arguments: [
        ("pth", "path"), ("paht", "path"), ("Path", "path"), ("paths", "path"), ("inclued", "include"),
        ("exlcude", "exclude"), ("migration-hub", "migration_hub"), ("migrationhub", "migration_hub"),
        ("formula_gard", "formula_guard"), ("ass", "as"),
    ])
    func findsTheWordThatWasMeant(typed: String, meant: String) {
        #expect(Suggestion.nearest(to: typed, among: Self.words) == meant)
        #expect(Suggestion.label(for: typed, among: Self.words) == "did you mean '\(meant)'?")
    }

    @Test(arguments: ["", "x", "colour", "path_to_file", "incl", "a", "thap"])
    func neverGuesses(typed: String) {
        #expect(Suggestion.nearest(to: typed, among: Self.words) == nil)
        #expect(Suggestion.label(for: typed, among: Self.words) == nil)
    }

    @Test func servicesAreToldByTheirNames() {
        let services = ["ec2.amazonaws.com", "s3.amazonaws.com", "migrationhub.amazonaws.com"]
        #expect(Suggestion.nearest(to: "mgh.amazonaws.com", among: services) == nil)
        #expect(Suggestion.nearest(to: "migrationhb.amazonaws.com", among: services) == "migrationhub.amazonaws.com")
        #expect(Suggestion.nearest(to: "ec2.amazonaws.co", among: services) == "ec2.amazonaws.com")
    }

    @Test func theFirstOfEquallyNearWordsWins() {
        #expect(Suggestion.nearest(to: "cat", among: ["bat", "car", "cut"]) == "bat")
    }

    @Test func thereIsNothingAmongNoWords() {
        #expect(Suggestion.nearest(to: "path", among: []) == nil)
    }
}

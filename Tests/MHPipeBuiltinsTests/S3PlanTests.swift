import MHPipeAWS
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct S3PlanTests {
    private static let may = EventSelection(
        accounts: ["111122223333"],
        regions: ["us-east-1"],
        since: Timestamp(year: 2026, month: 5, day: 10),
        until: Timestamp(year: 2026, month: 5, day: 12),
        late: .seconds(86_400)
    )

    @Test(arguments: [
        ("", 0, S3Listing.FolderChoice.byFolder), ("x/", 2, .byFolder), ("x/y/z/w/", 3, .whole),
        ("AWSLogs/", 1, .byFolder),
        ("p/AWSLogs/o-abc/", 9, .byFolder), ("AWSLogs/111122223333/", 9, .byFolder),
        ("AWSLogs/999999999999/", 9, .none),
        ("AWSLogs/o-abc/999999999999/", 9, .none), ("AWSLogs/alias/", 9, .byFolder),
        ("AWSLogs/111122223333/Config/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail-Digest/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail-Insight/", 9, .byFolder),
        ("AWSLogs/111122223333/CloudTrail/", 9, .byFolder), ("AWSLogs/111122223333/CloudTrail/eu-west-1/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/", 9, .byFolder),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2025/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/", 9, .byFolder),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/", 9, .byFolder),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/06/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/09/", 9, .none),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/10/", 9, .whole),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/12/", 9, .whole),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/13/", 9, .none),
    ])
    func listsWhatIsAskedFor(folder: String, depth: Int, choice: S3Listing.FolderChoice) {
        #expect(S3Plan(Self.may, below: "").choice(of: folder, depth: depth) == choice)
    }

    @Test(arguments: [
        ("AWSLogs/999999999999/", S3Listing.FolderChoice.byFolder),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/", .byFolder),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/05/", .whole),
    ])
    func listsMonthsWholeWhereNoTimeIsAskedFor(folder: String, choice: S3Listing.FolderChoice) {
        #expect(S3Plan(nil, below: "").choice(of: folder, depth: 9) == choice)
    }

    @Test func whatIsNamedIsListedWhateverItIs() {
        let root = "AWSLogs/111122223333/CloudTrail-Digest"
        let plan = S3Plan(nil, below: root)
        for folder in [root + "/", root + "/us-east-1/", root + "/us-east-1/2026/"] {
            #expect(plan.choice(of: folder, depth: 3) == .byFolder)
        }
    }
}

import MHPipeKit
import Testing

/// Keys as CloudTrail writes them, and what looks like them.
@Suite struct CloudTrailKeyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let account: String?
        let region: String?
        let delivered: String?

        init(_ path: String, _ account: String?, _ region: String?, _ delivered: String?) {
            (self.path, self.account, self.region, self.delivered) = (path, account, region, delivered)
        }

        var testDescription: String { path }
    }

    private static let name = "111122223333_CloudTrail_us-east-1_20260131T2355Z_abcdefgh12345678.json.gz"
    private static let minute = "2026-01-31T23:55:00Z..<2026-01-31T23:56:00Z"
    private static let day = "2026-01-31T00:00:00Z..<2026-02-01T00:00:00Z"
    private static let folder = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31"

    static let files = [
        Case("\(folder)/\(name)", "111122223333", "us-east-1", minute),
        Case("/a b/\(folder)/\(name)", "111122223333", "us-east-1", minute),
        Case(
            "o-abc123/AWSLogs/o-abc123/111122223333/CloudTrail/us-east-1/2026/01/31/x.json",
            "111122223333",
            "us-east-1",
            day
        ),
        Case("AWSLogs/2019/\(folder)/x.json", "111122223333", "us-east-1", day),
        Case(name, "111122223333", "us-east-1", minute),
        Case("flat/\(name)", "111122223333", "us-east-1", minute),
        Case("flat/" + name.dropLast(3), "111122223333", "us-east-1", minute),
        Case("1112_CloudTrail_us-east-1_20260131T2355ZabcdeFGH.json.gz", nil, "us-east-1", minute),
        Case(
            "AWSLogs/111122223333/CloudTrail-Insight/eu-west-1/2026/01/31/"
                + "111122223333_CloudTrail-Insight_eu-west-1_20260131T2355Z_Abc.json.gz",
            "111122223333",
            "eu-west-1",
            minute
        ),
        Case(
            "111122223333_CloudTrail-Digest_eu-west-1_my_trail.1_us-east-1_20260131T235501Z.json.gz",
            "111122223333",
            "eu-west-1",
            "2026-01-31T23:55:01Z..<2026-01-31T23:55:02Z"
        ),
        Case(
            "111122223333_CloudTrail-Digest_eu-west-1_t_us-east-1_20260131T235501Z_backfill.json.gz",
            "111122223333",
            "eu-west-1",
            "2026-01-31T23:55:01Z..<2026-01-31T23:55:02Z"
        ),
        Case(
            "AWSLogs/111122223333/CloudTrail-NetworkActivity/us-east-1/2026/01/31/x.json",
            "111122223333",
            "us-east-1",
            day
        ),
        // The name says it more exactly than its folder; an account that is no number says nothing.
        Case("AWSLogs/444455556666/CloudTrail/us-west-2/2026/01/30/\(name)", "111122223333", "us-east-1", minute),
        Case("AWSLogs/prod/CloudTrail/us-east-1/2026/01/31/x.json", nil, "us-east-1", day),
        Case("AWSLogs/111122223333/CloudTrail/us-east-1/x.json", "111122223333", "us-east-1", nil),
    ]

    static let folders = [
        Case("\(folder)/more", "111122223333", "us-east-1", day),
        Case(folder, "111122223333", "us-east-1", day),
        Case(String(folder.dropLast(3)), "111122223333", "us-east-1", "2026-01-01T00:00:00Z..<2026-02-01T00:00:00Z"),
        Case(String(folder.dropLast(6)), "111122223333", "us-east-1", "2026-01-01T00:00:00Z..<2027-01-01T00:00:00Z"),
        Case(
            "AWSLogs/111122223333/CloudTrail/us-east-1/2025/12",
            "111122223333",
            "us-east-1",
            "2025-12-01T00:00:00Z..<2026-01-01T00:00:00Z"
        ),
        Case("AWSLogs/111122223333/CloudTrail/us-east-1", "111122223333", "us-east-1", nil),
        Case("x/AWSLogs/o-1/111122223333/CloudTrail/", "111122223333", nil, nil),
    ]

    static let others = [
        "events.json", "2026/01/31/x.json", "AWSLogs/x.json", "AWSLogs/111122223333/x.json",
        "AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/01/31/x.json",
        "AWSLogs/111122223333/Config/us-east-1/2026/1/31/x.json",
        "AWSLogs/111122223333/CloudTrails/us-east-1/2026/01/31/x.json",
        "AWSLogs/111122223333/CloudTrail/us-east-1/2026/13/01/x.json",
        "AWSLogs/111122223333/CloudTrail/us-east-1/2026/02/30/x.json",
        "AWSLogs/111122223333/CloudTrail/us-east-1/2026/1/31/x.json",
        "AWSLogs/111122223333/CloudTrail/us_east_1/2026/01/31/x.json",
        "awslogs/111122223333/CloudTrail/us-east-1/2026/01/31/x.json",
        "111122223333_CloudTrail_us-east-1_20260131_abc.json.gz",
        "111122223333_CloudTrail_us-east-1_20260131T2460Z_abc.json.gz",
        "111122223333_CloudTrail_us-east-1_20260132T2355Z_abc.json.gz",
        "111122223333_vpcflowlogs_us-east-1_fl-1_20260131T2355Z_abc.json.gz",
        "111122223333_CloudTrail_us-east-1_20260131T2355Z_abc.txt", "",
    ]

    @Test(arguments: files) func `files are told by their keys`(example: Case) throws {
        try check(#require(CloudTrailKey(file: Array(example.path.utf8))), example)
    }

    @Test(arguments: folders) func `folders have what their keys have in common`(example: Case) throws {
        try check(#require(CloudTrailKey(folder: Array(example.path.utf8))), example)
    }

    @Test(arguments: others) func `what is no key is none`(path: String) {
        #expect(CloudTrailKey(file: Array(path.utf8)) == nil)
    }

    @Test(arguments: ["", "AWSLogs", "AWSLogs/111122223333", "AWSLogs/111122223333/Config", "a/b"])
    func `folders above the logs of CloudTrail are none`(path: String) {
        #expect(CloudTrailKey(folder: Array(path.utf8)) == nil)
    }

    private func check(_ key: CloudTrailKey, _ example: Case) {
        #expect(key.account == example.account)
        #expect(key.region == example.region)
        #expect(key.delivered.map { "\($0.lowerBound)..<\($0.upperBound)" } == example.delivered)
    }
}

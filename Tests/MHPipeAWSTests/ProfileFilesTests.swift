import Testing

@testable import MHPipeAWS

@Suite struct ProfileFilesTests {
    private static let config = """
        # a comment
        [default]
        region = eu-west-1   # near
        [profile audit]
        role_arn=arn:aws:iam::1:role/a;b
        source_profile =  base
          s3 =
            addressing_style = path
        services = local
        [plain]
        region = nowhere
        [sso-session corp]
        sso_start_url = https://corp.example.com/start#/
        [services local]
        s3 =
          endpoint_url = http://localhost:9000
        sts =
          endpoint_url = http://localhost:9001
        """

    private static let credentials = """
        [default]
        aws_access_key_id = A
        region = eu-north-1
        [base]
        aws_access_key_id = B
        aws_secret_access_key = x=y==
        """

    @Test func readsBothFiles() {
        var files = ProfileFiles()
        files.read(Self.config, isConfig: true)
        files.read(Self.credentials, isConfig: false)
        #expect(files.profiles.keys.sorted() == ["audit", "base", "default"])
        #expect(files.profiles["default"]?["region"] == "eu-north-1")
        #expect(files.profiles["default"]?["aws_access_key_id"] == "A")
        #expect(files.profiles["audit"]?["role_arn"] == "arn:aws:iam::1:role/a;b")
        #expect(files.profiles["audit"]?["source_profile"] == "base")
        #expect(files.profiles["base"]?["aws_secret_access_key"] == "x=y==")
        #expect(files.sessions["corp"]?["sso_start_url"] == "https://corp.example.com/start#/")
        #expect(files.services["local"]?["s3.endpoint_url"] == "http://localhost:9000")
        #expect(files.services["local"]?["sts.endpoint_url"] == "http://localhost:9001")
    }

    /// Keys of one file do not belong to those of the other.
    @Test func eachFileIsKeptByItself() {
        var files = ProfileFiles()
        files.read("[default]\naws_access_key_id = OLD\naws_session_token = stale\n[plain]\nx = y", isConfig: true)
        files.read("[default]\naws_access_key_id = NEW\n[services]\na = b", isConfig: false)
        #expect(files.profiles["default"]?["aws_access_key_id"] == "NEW")
        #expect(files.inCredentials["default"] == ["aws_access_key_id": "NEW"])
        #expect(files.inConfig["default"] == ["aws_access_key_id": "OLD", "aws_session_token": "stale"])
        #expect(files.inConfig["plain"] == nil)
    }

    @Test(arguments: ["", "[", "]", "[]", "[profile]", "= x", "key", "[default\nregion = x", "[profile a b]\nx = y"])
    func whatItCannotReadItPassesOver(text: String) {
        var files = ProfileFiles()
        files.read(text, isConfig: true)
        #expect(files.profiles.values.allSatisfy { $0.isEmpty })
    }
}

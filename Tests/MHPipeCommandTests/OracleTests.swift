import Foundation
import MHPipeTestSupport
import Testing

/// The built binary against an independent reading of the specification, in `Tests/Oracle`.
@Suite struct OracleTests {
    private let folder: TemporaryDirectory
    private let scripts = Repository.root.appending(path: "Tests/Oracle")

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func nastyInputIsReadAsTheSpecificationSays() throws {
        // Takes minutes with a debug binary: `make test-oracle` asks for it.
        guard ProcessInfo.processInfo.environment["MHPIPE_ORACLE"] != nil else {
            print("note: the nasty input is compared by `make test-oracle`")
            return
        }
        guard let python = ExternalProgram("python3") else { return }
        let tree = folder.path("torture")
        let written = try python.run([script("torture.py"), "--check", tree])
        try #require(written.status == 0, "\(text(written))")
        let ways = ["--ways", "identity,call,hub,csv,csv-call,sqlite-columns", "--workers", "1,3"]
        let compared = try python.run([script("compare.py"), "--limit", "3"] + ways + [Mhpipe.path, tree])
        #expect(compared.status == 0, "\(text(compared))")
    }

    /// `make fuzz` tries 100,000.
    @Test func damagedFilesAreReadAsPythonReadsThem() throws {
        guard let python = ExternalProgram("python3") else { return }
        let compared = try python.run([script("mutations.py"), "--count", "400", Mhpipe.path])
        #expect(compared.status == 0, "\(text(compared))")
    }

    @Test func realTrailsAreReadAsTheSpecificationSays() throws {
        guard let python = ExternalProgram("python3"), let data = Repository.sharedData else { return }
        let path = data.path(percentEncoded: false)
        let options = ["--limit", "3", "--workers", "2,3"]
        let compared = try python.run([script("compare.py")] + options + [Mhpipe.path, path])
        #expect(compared.status == 0, "\(text(compared))")
    }

    private func script(_ name: String) -> String {
        scripts.appending(path: name).path(percentEncoded: false)
    }

    private func text(_ result: ExternalProgram.Result) -> String {
        String(decoding: result.output, as: UTF8.self) + result.errors
    }
}

public import Foundation

/// Where the tests find what is not in the test bundle.
public enum Repository {
    /// The root of the checkout.
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Real and synthetic trail files that some machines have beside the checkout, or where `MHPIPE_SHARED_DATA` says; nil
    /// where they are not there.
    public static let sharedData: URL? = {
        let named = ProcessInfo.processInfo.environment["MHPIPE_SHARED_DATA"].map { URL(filePath: $0) }
        let folder = named ?? root.deletingLastPathComponent().appending(path: "shared/data")
        guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
            print("note: no shared data beside the checkout; the tests that read it have nothing to do")
            return nil
        }
        return folder
    }()
}

import Dispatch
import MHPipeIO
import MHPipeKit

/// Follows a folder with all below it: finds what is there, once, and then what the system tells of; or looks now and then.
///
/// All of it happens on one queue. What waits is bounded: where more is found, the folder is looked through again later.
final class FolderFollower: WatchFollower {
    /// How a folder is followed.
    struct Manner: Sendable {
        var mode: WatchMode
        /// The time between two looks, at a folder or at a file that may not be whole.
        var interval: Duration
        var intervalText = ""
        /// The time after which the whole folder is looked through again, in case something was not told.
        var rescan: Duration = .seconds(3600)
    }

    private let queue = DispatchQueue(label: "mhpipe.watch")
    private let following: FolderFollowing

    /// Begins to follow.
    ///
    /// - Parameters:
    ///   - root: The folder.
    ///   - selection: Which of its files are read.
    ///   - manner: How.
    ///   - warn: Tells the user.
    ///   - onNews: Called, on the queue, when something is there to read.
    /// - Throws: `InputFailure` when the folder cannot be listed.
    init(
        _ root: FilePath,
        _ selection: FileSelection,
        _ manner: Manner,
        warn: @escaping @Sendable (String) -> Void,
        onNews: @escaping @Sendable () -> Void
    ) throws(InputFailure) {
        following = try FolderFollowing(root, selection, manner, queue: queue, warn: warn, onNews: onNews)
        queue.async { [following] in following.begin() }
    }

    var hasNews: Bool { waiting.units > 0 }

    var waiting: WatchBacklog {
        following.backlog.withLock { $0 }
    }

    func endRound(isCommitted: Bool) {
        queue.sync { following.endRound(isCommitted: isCommitted) }
    }

    /// The next file or what cannot be read; nil when the round can have nothing more.
    func next() throws(InputFailure) -> FolderFollowing.Found? {
        let result: Result<FolderFollowing.Found?, InputFailure> = queue.sync {
            do throws(InputFailure) {
                return .success(try following.next())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The folder by its path as given, and behind all links.
    var folder: ResolvedFolder { following.folder }

    /// Does something while nothing that the system tells is heard, for tests.
    func hold(_ work: () -> Void) { queue.sync(execute: work) }
}

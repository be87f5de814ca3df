import Dispatch
import MHPipeIO
import MHPipeKit

/// The objects of a bucket below a prefix, in the order of their keys, listed side by side and ahead of who takes them.
///
/// A tree of folders is opened from its first leaf on: each folder is asked for its folders, or for all that is below it, as
/// the plan says. Only some folders ahead are asked, and only so many keys are held.
package final class S3Listing: Sendable {
    package enum FolderChoice: Sendable {
        /// Its objects and folders are listed, and each of these is chosen about.
        case byFolder
        /// All that is below it is listed at once.
        case whole
        /// It is not looked at.
        case none
    }

    package enum Step: Sendable {
        case object(S3Object)
        /// A folder that cannot be listed.
        case failed(prefix: String, AWSFailure)
        /// Nothing yet.
        case notYet
        case end
    }

    /// What stands at one place of the order.
    private final class Node {
        enum Content {
            case folder(Folder)
            case asked
            case keys(PendingKeys)
            case failed(prefix: String, AWSFailure)
        }

        var content: Content
        var next: Node?

        init(_ content: Content) {
            self.content = content
        }
    }

    private struct Folder: Sendable {
        var prefix: String
        var isWhole: Bool
        /// How many folders above it were listed.
        var depth: Int
        var token: String?
    }

    private struct State: @unchecked Sendable /* behind a mutex */ {
        var head: Node?
        var asking = 0
        var held = 0
        var requests = 0
        var passedFolders = 0
        var isEnded = false
    }

    private let bucket: S3Bucket
    private let root: String
    private let choice: @Sendable (_ folder: String, _ depth: Int) -> FolderChoice
    private let state: Locked<State>
    private let changed = DispatchSemaphore(value: 0)

    /// Requests at once, and keys that are held before no more are asked for.
    private static let mostRequests = 8
    private static let mostHeld = 16_384
    /// What a folder of few keys counts as.
    private static let leastWeight = 16

    /// Begins to list.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - prefix: The key of an object, or the folder that objects are in, with or without a slash at its end.
    ///   - choice: What becomes of a folder, by its prefix with its slash, and how many folders above it were listed.
    package init(
        _ bucket: S3Bucket,
        _ prefix: String,
        choice: @escaping @Sendable (_ folder: String, _ depth: Int) -> FolderChoice
    ) {
        self.bucket = bucket
        root = prefix
        self.choice = choice
        let isFolder = prefix.isEmpty || prefix.utf8.last == UInt8(ascii: "/")
        let isWhole = isFolder && choice(prefix, 0) == .whole
        state = Locked(State(head: Node(.folder(Folder(prefix: prefix, isWhole: isWhole, depth: 0)))))
        ask()
    }

    deinit {
        // Node by node: a long chain would take as deep a stack.
        state.withLock { state in
            while let node = state.head {
                state.head = node.next
                node.next = nil
            }
        }
    }

    /// How many requests were made so far.
    package var requests: Int { state.withLock { $0.requests } }

    /// How many folders were not looked at.
    package var passedFolders: Int { state.withLock { $0.passedFolders } }

    /// The next object.
    ///
    /// - Parameter wait: How long to wait for it.
    /// - Returns: The object, or why there is none.
    package func next(wait: Duration = .milliseconds(100)) -> Step {
        let deadline = DispatchTime.now() + wait.dispatchInterval
        while true {
            let step = take()
            ask()
            if let step { return step }
            if changed.wait(timeout: deadline) == .timedOut { return take() ?? .notYet }
        }
    }

    /// Nil while the next one is asked for.
    private func take() -> Step? {
        state.withLock { state in
            while let node = state.head {
                switch node.content {
                case .folder, .asked: return nil
                case .failed(let prefix, let failure):
                    state.head = node.next
                    return .failed(prefix: prefix, failure)
                case .keys(var keys):
                    // Not held twice, which would copy it.
                    node.content = .asked
                    if let object = keys.popFirst() {
                        state.held -= 1
                        node.content = .keys(keys)
                        return .object(object)
                    }
                    state.held -= Self.leastWeight
                    state.head = node.next
                }
            }
            return .end
        }
    }

    /// Asks for what comes next, as far as there is room.
    private func ask() {
        let folders = state.withLock { state -> [(Node, Folder)] in
            var found: [(Node, Folder)] = []
            var node = state.head
            // What is taken next is asked for however much is held, since nothing of that is taken before it.
            while let current = node, state.asking < Self.mostRequests,
                state.held < Self.mostHeld || current === state.head
            {
                if case .folder(let folder) = current.content {
                    current.content = .asked
                    state.asking += 1
                    state.requests += 1
                    found.append((current, folder))
                }
                node = current.next
            }
            return found
        }
        for (node, folder) in folders {
            let place = Place(node: node)
            bucket.list(folder.prefix, byFolder: !folder.isWhole, token: folder.token) { [weak self] result in
                self?.take(result, of: folder, at: place)
            }
        }
    }

    /// A node on its way through a completion.
    private struct Place: @unchecked Sendable /* its node is touched with the state's lock alone */ {
        let node: Node
    }

    private func take(_ result: Result<S3Page, AWSFailure>, of folder: Folder, at place: Place) {
        let contents: [Node.Content]
        var passed = 0
        switch result {
        case .success(let page) where page.next != nil && page.next == folder.token:
            // What it holds may be what the page before held.
            let failure = AWSFailure(
                cause: .mismatch("a page of the listing names itself as the next one"),
                host: bucket.name
            )
            contents = [.failed(prefix: folder.prefix, failure)]
        case .success(let page): (contents, passed) = self.contents(of: page, folder)
        case .failure(let failure): contents = [.failed(prefix: folder.prefix, failure)]
        }
        state.withLock { state in
            state.asking -= 1
            state.passedFolders += passed
            var last = place.node
            last.content = contents.first ?? .keys(PendingKeys())
            if contents.isEmpty { state.held += Self.leastWeight }
            for content in contents {
                if case .keys(let keys) = content { state.held += keys.count + Self.leastWeight }
            }
            for content in contents.dropFirst() {
                let node = Node(content)
                node.next = last.next
                last.next = node
                last = node
            }
        }
        changed.signal()
        ask()
    }

    /// What stands in the place of a folder, in the order of the keys.
    private func contents(of page: S3Page, _ folder: Folder) -> (contents: [Node.Content], passed: Int) {
        var contents: [Node.Content] = []
        var passed = 0
        // A folder of very many of which nothing is known is cheaper to list as a whole.
        if !folder.isWhole, folder.token == nil, page.next != nil, page.folders.count > Self.manyFolders,
            !folder.prefix.contains("AWSLogs/")
        {
            var whole = folder
            whole.isWhole = true
            return ([.folder(whole)], 0)
        }
        var objects = page.objects.filter { isBelowRoot($0.key) }[...]
        for prefix in page.folders.sorted(by: Self.isBefore) {
            let before = objects.prefix { Self.isBefore($0.key, prefix) }
            if !before.isEmpty { contents.append(.keys(PendingKeys(before))) }
            objects = objects.dropFirst(before.count)
            guard isBelowRoot(prefix) else { continue }
            let depth = prefix.utf8.elementsEqual((root + "/").utf8) ? 0 : folder.depth + 1
            switch choice(prefix, depth) {
            case .none: passed += 1
            case let choice:
                contents.append(.folder(Folder(prefix: prefix, isWhole: choice == .whole, depth: depth)))
            }
        }
        if !objects.isEmpty { contents.append(.keys(PendingKeys(objects))) }
        if let token = page.next {
            var rest = folder
            rest.token = token
            contents.append(.folder(rest))
        }
        return (contents, passed)
    }

    private static let manyFolders = 500

    /// False for what only begins with the same letters as a prefix that ends within a name.
    private func isBelowRoot(_ key: String) -> Bool {
        guard !root.isEmpty, root.utf8.last != UInt8(ascii: "/") else { return true }
        // By bytes: texts are equal that are keys of different objects.
        return key.utf8.elementsEqual(root.utf8) || key.utf8.starts(with: (root + "/").utf8)
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

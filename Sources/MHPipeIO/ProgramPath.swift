import Libc
import MHPipeKit

/// Finds the file of a program as a shell would.
package enum ProgramPath {
    /// Looks a program up.
    ///
    /// - Parameters:
    ///   - name: A path, when there is a slash in it; else a name in one of the folders of `path`.
    ///   - path: The value of `PATH`.
    /// - Returns: The path of a file that may be executed.
    /// - Throws: `ProgramFailure` when there is none.
    package static func find(_ name: String, path: String) throws(ProgramFailure) -> String {
        guard !name.isEmpty else { throw ProgramFailure("its name is empty") }
        if name.contains("/") {
            try check(name)
            return name
        }
        var refused: ProgramFailure?
        for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
            guard FilePath(candidate).exists else { continue }
            do {
                try check(candidate)
                return candidate
            } catch {
                refused = refused ?? error
            }
        }
        if let refused { throw refused }
        if FilePath(name).exists {
            throw ProgramFailure(
                "there is no such program in PATH",
                advice: "there is a file of that name here; write './\(name)' to mean it"
            )
        }
        throw ProgramFailure(
            "there is no such program in PATH",
            advice: "install it, or write the path of the program, with a slash in it",
            isMissing: true
        )
    }

    private static func check(_ path: String) throws(ProgramFailure) {
        var status = stat()
        let file = FilePath(path)
        guard unsafe file.withSystemPath({ unsafe stat($0, &status) }) == 0 else {
            let reason = SystemFailure.reason()
            throw ProgramFailure(
                "'\(path)': \(reason)",
                advice: path.hasPrefix("/") ? nil : "the path is taken from the folder in which mhpipe is started",
                isMissing: true
            )
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw ProgramFailure("'\(path)' is a folder") }
        guard file.mayBe(X_OK) else {
            throw ProgramFailure(
                "'\(path)' may not be executed",
                advice: "make it executable (chmod +x), or put its interpreter first: [python3, \(path)]"
            )
        }
        if let interpreter = interpreter(of: path), unsafe access(interpreter, X_OK) != 0 { throw .noInterpreter(path) }
    }

    /// The program that the first line of a script names.
    private static func interpreter(of path: String) -> String? {
        guard let file = FilePath(path).open(O_RDONLY | O_NONBLOCK) else { return nil }
        // What Linux reads of it.
        var line = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(file.number, &line, line.count)
        guard count > 2, line.starts(with: Array("#!".utf8)) else { return nil }
        let words = line[2..<count].prefix { $0 != 0x0A }.split { $0 == 0x20 || $0 == 0x09 }
        return words.first.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A program that cannot be started, and why.
package struct ProgramFailure: Error, Hashable, CustomStringConvertible {
    /// Why, lower case, without a full stop.
    package var reason: String
    /// What the user may do about it, when there is something to say.
    package var advice: String?
    /// True when there is no file where it was looked for.
    package var isMissing: Bool
    /// True when the machine has run out of something, so that the program may be right.
    package var isMachineFault = false

    package init(_ reason: String, advice: String? = nil, isMissing: Bool = false) {
        self.reason = reason
        self.advice = advice
        self.isMissing = isMissing
    }

    /// The failure of a machine; `reason` says what cannot be had.
    static func ofMachine(_ reason: String, _ number: Int32) -> ProgramFailure {
        var failure = ProgramFailure(
            "\(reason): \(SystemFailure.reason(number))",
            advice: MachineFault.isOne(number) ? MachineFault.advice(number) : nil
        )
        failure.isMachineFault = MachineFault.isOne(number)
        return failure
    }

    /// The failure of a script whose interpreter is not there.
    static func noInterpreter(_ path: String) -> ProgramFailure {
        ProgramFailure(
            "'\(path)' is there, but the interpreter that its first line names is not",
            advice: "put an interpreter that is there first: [python3, \(path)]"
        )
    }

    /// The failure of a program that cannot be started while somebody writes to it.
    static func isBeingWritten(_ path: String) -> ProgramFailure {
        var failure = ProgramFailure(
            "'\(path)' cannot be started: somebody is writing to it",
            advice: "run again when it is written"
        )
        failure.isMachineFault = true
        return failure
    }

    /// The reason and the advice.
    package var description: String {
        advice.map { "\(reason)\n\($0)" } ?? reason
    }
}

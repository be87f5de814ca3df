import MHPipeIO
import MHPipeKit

/// Credentials that a program prints, as `credential_process` of a profile names it.
enum CredentialProcess {
    private static let timeout = Duration.seconds(60)
    private static let mostBytes = 1 << 20

    /// Runs the program.
    ///
    /// What it says on standard error is not shown, since nobody knows what is in it.
    ///
    /// - Throws: `StageError` when it fails, or prints no credentials.
    static func credentials(
        _ command: String,
        profile: String,
        environment: AWSEnvironment,
        stop: RunStop
    ) throws -> AWSCredentials {
        let what = "the credential_process of profile '\(profile)'"
        let words = words(of: command)
        guard let program = words.first else { throw StageError("\(what) names no program") }
        let output: [UInt8]
        let exit: ProgramExit?
        do throws(ProgramFailure) {
            let path =
                program.contains("/")
                ? program : try ProgramPath.find(program, path: environment["PATH"] ?? "/usr/bin:/bin")
            let child = try ChildProcess(path: path, arguments: words, environment: ProcessEnvironment.variables)
            child.closeInput()
            (output, exit) = read(child, stop)
        } catch {
            throw StageError("\(what) cannot be started: \(error.reason)", advice: error.advice)
        }
        guard exit == .status(0) else {
            throw StageError(
                exit.map { "\(what) \($0)" } ?? "\(what) has not ended after a minute",
                advice: "run it by hand to see what it says: \(program)"
            )
        }
        return try CredentialDocument.credentials(output, what)
    }

    private static func read(_ child: ChildProcess, _ stop: RunStop) -> ([UInt8], ProgramExit?) {
        let end = ContinuousClock.now + timeout
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while child.isOpen(.output), .now < end, !stop.isRaised, output.count < mostBytes {
            let ready = child.poll(wantsInput: false, milliseconds: 100)
            for (stream, flag) in [(ChildProcess.Stream.output, ChildProcess.Ready.output), (.errors, .errors)]
            where ready.contains(flag) {
                let count = unsafe piece.withUnsafeMutableBytes { unsafe child.read(stream, into: $0) } ?? 0
                if flag == .output { output += piece[..<count] }
            }
        }
        var exit: ProgramExit?
        while exit == nil, .now < end, !stop.isRaised { exit = child.wait(milliseconds: 100) }
        if exit == nil { child.kill() }
        return (output, exit)
    }

    /// The words of a command as a shell splits them, which is not asked: nothing in them is replaced.
    static func words(of command: String) -> [String] {
        var words: [String] = []
        var (word, quote, isEscaped) = (String?.none, Character?.none, false)
        for character in command {
            if isEscaped {
                if let quote, quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}

import MHPipeKit

/// `mhpipe completions SHELL`.
struct CompletionsCommand: Command {
    static let name = "completions"
    static let summary = "Prints the script with which a shell completes commands, options and names."
    static let notes = """
        The script asks mhpipe itself, so it stays right when mhpipe is a newer one. Packages have put it in its place.

        To have it in every shell that you open:
          mhpipe completions bash > ~/.local/share/bash-completion/completions/mhpipe
          mhpipe completions zsh > "${fpath[1]}/_mhpipe"
          mhpipe completions fish > ~/.config/fish/completions/mhpipe.fish
        """

    static let parameters: [Parameter<CompletionsCommand>] = [
        .positional("SHELL", \.shell, "The shell: 'bash', 'zsh' or 'fish'.")
    ]

    var shell = CompletionScript.bash

    func run(in context: CommandContext) throws -> ExitCode {
        try context.console.write(shell.text)
        return .success
    }
}

import MHPipeKit

/// The scripts by which shells ask mhpipe what can be typed.
enum CompletionScript: String, OptionChoice {
    case bash
    case zsh
    case fish

    /// The command that the scripts ask, which no help lists: the words so far come behind it.
    static let question = "__complete"
    /// The same for shells whose words are not those of mhpipe: the whole line comes behind it, as it was typed.
    static let questionOfLine = "__complete_line"

    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    private static let bashText = #"""
        # Completion of mhpipe for bash; made by `mhpipe completions bash`.
        _mhpipe() {
            local reply value paths='' kept='' count=0
            COMPREPLY=()
            # Words of bash end at '=' and ':', so mhpipe gets the line itself.
            while IFS= read -r reply; do
                if [[ $((count++)) -eq 0 ]]; then
                    paths=${reply%%$'\t'*} kept=${reply#*$'\t'}
                    continue
                fi
                value=${reply%%$'\t'*}
                [[ $COMP_WORDBREAKS == *=* ]] || value=$kept$value
                COMPREPLY+=("$value")
            done < <("${1/#\~/$HOME}" \#(questionOfLine) "${COMP_LINE:0:COMP_POINT}" 2> /dev/null)
            case $paths in
                none) compopt +o default +o bashdefault 2> /dev/null ;;
                folders) compopt +o default +o bashdefault -o dirnames 2> /dev/null ;;
            esac
            # What goes on in the same word.
            if [[ ${#COMPREPLY[@]} -eq 1 && $COMPREPLY == *[=.] ]]; then compopt -o nospace 2> /dev/null; fi
            return 0
        }
        complete -o bashdefault -o default -F _mhpipe mhpipe

        """#

    private static let zshText = #"""
        #compdef mhpipe
        # Completion of mhpipe for zsh; made by `mhpipe completions zsh`.
        _mhpipe() {
            local program=${(Q)words[1]} line value help
            local -a answer whole begun
            program=${~program}
            answer=("${(@f)$("$program" \#(question) "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
            local paths=${answer[1]%%$'\t'*} kept=${answer[1]#*$'\t'}
            [[ -n $kept ]] && compset -p ${#kept}
            for line in "${(@)answer[2,-1]}"; do
                value=${line%%$'\t'*} help=${line#*$'\t'}
                # What goes on in the same word gets no space.
                if [[ $value == *[=.] ]]; then
                    begun+=("${value//:/\\:}${help:+:$help}")
                else
                    whole+=("${value//:/\\:}${help:+:$help}")
                fi
            done
            case $paths in
                files) _files ;;
                folders) _files -/ ;;
            esac
            (( $#whole )) && _describe -V mhpipe whole
            (( $#begun )) && _describe -V mhpipe begun -S ''
        }
        if [[ $funcstack[1] == _mhpipe ]]; then
            _mhpipe "$@"
        else
            compdef _mhpipe mhpipe
        fi

        """#

    private static let fishText = #"""
        # Completion of mhpipe for fish; made by `mhpipe completions fish`.
        function __mhpipe_complete
            set -l words (commandline -opc)
            set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
            set -e words[1]
            set -l current (commandline -ct | string unescape)
            test (count $current) -eq 0; and set current ''
            set -l answer ($program \#(question) $words $current 2>/dev/null)
            set -l first (string split -m 1 \t -- $answer[1])
            set -e answer[1]
            for line in $answer
                echo -- $first[2]$line
            end
            set -l typed (string sub -s (math 1 + (string length -- "$first[2]")) -- $current)
            switch "$first[1]"
                case files
                    for path in (__fish_complete_path $typed)
                        echo -- $first[2]$path
                    end
                case folders
                    for path in (__fish_complete_directories $typed)
                        echo -- $first[2]$path
                    end
            end
        end
        complete -c mhpipe -f -k -a '(__mhpipe_complete)'

        """#
}

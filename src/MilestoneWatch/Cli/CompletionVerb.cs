using System.CommandLine;
using System.CommandLine.Completions;

namespace MilestoneWatch.Cli;

/// <summary>
/// `mw completion SHELL`: a script by which a shell completes verbs, options, their values and slugs. The script asks
/// `mw "[suggest:POSITION]" "LINE"`, which System.CommandLine answers.
/// </summary>
internal static class CompletionVerb
{
    // options are offered once a dash is typed; where nothing fits, files are
    private const string Bash = """
        # bash completion of mw; in ~/.bashrc: source <(mw completion bash)
        _mw() {
            local word="$2" line="mw${COMP_LINE#"$1"}" point=$((COMP_POINT - ${#1} + 2)) found
            found=$("$1" "[suggest:$point]" "$line" 2>/dev/null)
            [[ $word == -* ]] || found=$(grep -v '^[-/]' <<<"$found")
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o default -F _mw mw
        """;

    private const string Zsh = """
        #compdef mw
        # zsh completion of mw; in ~/.zshrc, after compinit: source <(mw completion zsh)
        _mw() {
            local line="mw ${(j: :)words[2,CURRENT]}"
            local -a found
            found=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
            [[ ${words[CURRENT]} == -* ]] || found=(${found:#[-/]*})
            if (( ${#found} )); then
                compadd -a found
            else
                _files
            fi
        }
        compdef _mw mw
        """;

    private const string Fish = """
        # fish completion of mw; mw completion fish > ~/.config/fish/completions/mw.fish
        function __mw_complete
            set -l line (commandline -cp)
            set -l word (commandline -ct)
            set -l found (mw "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if not string match -q -- '-*' "$word"
                set found (string match -rv -- '^[-/]' $found)
            end
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path "$word"
            end
        end
        complete -c mw -f -a '(__mw_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script by which your shell completes what you type: source <(mw completion bash)")
        {
            shell,
        };
        command.RunsBare(
            (parse, output, _) =>
            {
                var name = parse.GetRequiredValue(shell);
                var script = name switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => Fish,
                };
                output.Write(new { shell = name, script }, () => Console.Out.WriteLine(script));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    /// <summary>Whether a shell asks for completions: then what is typed so far need not be a whole command.</summary>
    public static bool IsAsked(ParseResult parse) =>
        parse.RootCommandResult.Command is RootCommand root
        && root.Directives.OfType<SuggestDirective>().Any(directive => parse.GetResult(directive) is not null);
}

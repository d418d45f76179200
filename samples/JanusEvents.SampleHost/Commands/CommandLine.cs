using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace JanusEvents.SampleHost.Commands;

/// <summary>
/// The commands that work on a store beside the host. What has a colon in its name, such as
/// <c>--JanusEvents:Store=MySql</c>, is a setting, as for the host, and may stand anywhere.
/// </summary>
internal sealed class CommandLine
{
    private readonly List<string> _settings = [];
    private readonly List<string> _words = [];

    public CommandLine(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].Split('=', 2)[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':', StringComparison.Ordinal))
            {
                _words.Add(args[i]);
                continue;
            }

            _settings.Add(args[i]);
            if (name == args[i] && i + 1 < args.Length)
                _settings.Add(args[++i]);
        }
    }

    /// <summary>Whether a command, or help, is asked for. The host's own arguments begin with a dash or are settings.</summary>
    public bool IsCommand =>
        _words.Count > 0 && (_words[0] is "--help" or "-h" or "-?" || !(_words[0].StartsWith('-') || _words[0].Contains('=', StringComparison.Ordinal)));

    /// <summary>Runs the command.</summary>
    /// <returns>The exit status: 0 when it did all that was asked.</returns>
    public async Task<int> RunAsync()
    {
        ParseResult command = Commands().Parse(_words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (command.Errors.Count > 0)
        {
            // An argument that is none is told first of all.
            string? unknown = command.UnmatchedTokens.Count > 0 ? $"\"{command.UnmatchedTokens[0]}\" is no command or option here." : null;
            await Console.Error.WriteLineAsync($"{unknown ?? command.Errors[0].Message} --help tells what there is.");
            return 1;
        }

        try
        {
            return await command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (StoreFailure.Explain(e) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private RootCommand Commands()
    {
        return new("Receives the events of Janus and stores them; with a command, works on the stored ones.")
        {
            Export(),
            Import(),
            Schema(),
            Rebuild(),
            Rejected(),
        };
    }

    private Command Export()
    {
        Option<long?> session = Number("--session", "only events of this session");
        Option<long?> handle = Number("--handle", "only events of this handle");
        Option<string?> emitter = new("--emitter") { Description = "only events of this server" };
        Option<string?> room = new("--room") { Description = "only events of this room, mountpoint or call, and of the handles that were in it meanwhile" };
        Option<DateTimeOffset?> from = Time("--from", "only events of this time or later, such as 2026-07-01T12:00 (UTC) or 2026-07-01T14:00+02:00");
        Option<DateTimeOffset?> to = Time("--to", "only events of before this time");
        Command export = new("export", "Prints the stored events in the order of their arrival, one JSON object a line.")
        {
            session, handle, emitter, room, from, to,
        };
        export.SetAction((result, cancellationToken) => ExportCommand.RunAsync(
            _settings,
            new EventQuery
            {
                SessionId = result.GetValue(session),
                HandleId = result.GetValue(handle),
                Emitter = result.GetValue(emitter),
                Room = result.GetValue(room),
                From = result.GetValue(from),
                To = result.GetValue(to),
            },
            cancellationToken));
        return export;
    }

    private Command Import()
    {
        Argument<string[]> files = new("file")
        {
            Description = "lines as export prints them, recorded bodies, either of them by gzip, or a recording's zip; - is the standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Command import = new("import", "Stores events from files. A file imported again within the hash window is not stored again.") { files };
        import.SetAction((result, cancellationToken) => ImportCommand.RunAsync(_settings, result.GetRequiredValue(files), cancellationToken));
        return import;
    }

    private Command Schema()
    {
        Option<bool> script = new("--script") { Description = "print the SQL of the upgrade instead" };
        Command upgrade = new("upgrade", "Makes the tables of the store as they would be made new, keeping every row.") { script };
        upgrade.SetAction((result, cancellationToken) => result.GetValue(script)
            ? SchemaCommand.PrintUpgradeAsync(_settings, cancellationToken)
            : SchemaCommand.UpgradeAsync(_settings, cancellationToken));
        Command schema = new("schema", "Prints the SQL that makes the tables of the store.") { upgrade };
        schema.SetAction((_, _) => SchemaCommand.PrintAsync(_settings));
        return schema;
    }

    private Command Rebuild()
    {
        Command rebuild = new("rebuild", "Makes the facts about rooms again from the stored events. It may be repeated, also beside a running host.");
        rebuild.SetAction((_, cancellationToken) => RebuildCommand.RunAsync(_settings, cancellationToken));
        return rebuild;
    }

    private Command Rejected()
    {
        Command list = new("list", "Prints what was rejected and why, one JSON object a line.");
        list.SetAction((_, cancellationToken) => RejectedCommand.ListAsync(_settings, cancellationToken));
        Command retry = new("retry", "Stores the rejected events that their tables take by now, each once. It may be repeated, also beside a running host.");
        retry.SetAction((_, cancellationToken) => RejectedCommand.RetryAsync(_settings, cancellationToken));
        return new Command("rejected", "What was no event, and events that their tables refused.") { list, retry };
    }

    private static Option<long?> Number(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result => Value<long>(
                result,
                text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null,
                "a whole number"),
        };

    private static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result => Value<DateTimeOffset>(result, Iso8601Time.Read, "a time such as 2026-07-01T12:00:00Z"),
        };

    private static T? Value<T>(ArgumentResult result, Func<string, T?> read, string form)
        where T : struct
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (read(text) is { } value)
            return value;

        result.AddError($"\"{text}\" is not {form}, which {(result.Parent as OptionResult)?.Option.Name} needs.");
        return null;
    }
}

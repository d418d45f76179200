using System.CommandLine;
using System.CommandLine.Help;
using JanusEvents.Tool.Commands;
using JanusEvents.Tool.Failures;

namespace JanusEvents.Tool.Arguments;

/// <summary>
/// The commands with their options. An argument with a colon in its name, such as <c>--JanusEvents:TablePrefix=janus_</c>, is
/// a setting, as for a host, and may stand anywhere.
/// </summary>
internal sealed class CommandLine
{
    private readonly Option<string?> _store = new("--store")
    {
        Description = "Kind of the store, sqlite or mysql; by default the setting JanusEvents:Store, or else sqlite.",
        HelpName = "sqlite|mysql",
        Recursive = true,
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "Connection string of the store; by default the setting ConnectionStrings:JanusEvents, or else, for sqlite, "
            + "\"Data Source=janusevents.db\".",
        HelpName = "connection string",
        Recursive = true,
    };

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

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code, one of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        ParseResult command = Parse();
        if (command.Errors.Count > 0)
        {
            // An unknown argument explains all other errors.
            string? unknown = command.UnmatchedTokens.Count > 0 ? $"\"{command.UnmatchedTokens[0]}\" is no command or option here." : null;
            await Console.Error.WriteLineAsync($"{unknown ?? command.Errors[0].Message} See --help.");
            return ExitCode.Failed;
        }

        try
        {
            return await command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (FailureText.Of(e) is { } text)
        {
            await Console.Error.WriteLineAsync(text.ReplaceLineEndings(" "));
            return ExitCode.Failed;
        }
    }

    /// <summary>The command with its options.</summary>
    internal ParseResult Parse() => Root().Parse(_words, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>All commands.</summary>
    internal DocumentedCommand Root()
    {
        // No RootCommand: it would bear the name of the assembly.
        HelpOption help = new() { Description = "Shows this help." };
        help.Action = new CommandHelp((HelpAction)help.Action!);
        return new("janusevents", "Works on the events that JanusEvents has stored, also beside running hosts.")
        {
            Examples = ["janusevents export --help"],
            Options = { _store, _connection, help, new VersionOption { Description = "Shows the version." } },
            Subcommands = { Export(), Import(), Schema(), Rebuild(), Rejected(), JanusConfig() },
        };
    }

    private DocumentedCommand Export()
    {
        Option<long?> session = OptionValue.Number("--session", "number", "Only events of this session.");
        Option<long?> handle = OptionValue.Number("--handle", "number", "Only events of this handle.");
        Option<string?> emitter = new("--emitter") { Description = "Only events of this Janus server.", HelpName = "name" };
        Option<string?> room = new("--room")
        {
            Description = "Only events of this room, mountpoint or call, and those of its handles while they were in it.",
            HelpName = "room",
        };
        Option<DateTimeOffset?> from = OptionValue.Time(
            "--from", "Only events at or after this time, such as 2026-07-01T12:00 (UTC) or 2026-07-01T14:00+02:00.");
        Option<DateTimeOffset?> to = OptionValue.Time("--to", "Only events before this time.");
        DocumentedCommand export = new("export", "Prints the stored events in their order of arrival, one JSON object per line.")
        {
            Examples =
            [
                "janusevents export --session 5976879829026834 | jq .event",
                "janusevents export --from 2026-07-01 --to 2026-07-02 --store mysql --connection \"Server=localhost;User ID=janus;Password=...;Database=janusevents\" > day.ndjson",
            ],
            Failure = "something failed, or rows are damaged: standard error lists them",
            Options = { session, handle, emitter, room, from, to },
        };
        export.SetAction((result, cancellationToken) => ExportCommand.RunAsync(
            Settings(result),
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

    private DocumentedCommand Import()
    {
        Argument<string[]> files = new("file")
        {
            Description = "Lines as export prints them, recorded bodies, either of them compressed by gzip, or the zip of a recording; "
                + "- is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        DocumentedCommand import = new(
            "import", "Stores events from files. A file that is imported again within the hash window is not stored again.")
        {
            Examples = ["janusevents import day.ndjson recording.zip", "zcat old.json.gz | janusevents import -"],
            Failure = "something failed, or the files have invalid elements: standard error lists them, everything else is stored",
            Arguments = { files },
        };
        import.SetAction((result, cancellationToken) =>
            ImportCommand.RunAsync(Settings(result), result.GetRequiredValue(files), cancellationToken));
        return import;
    }

    private DocumentedCommand Schema()
    {
        Option<bool> script = new("--script") { Description = "Prints the SQL of the upgrade instead of running it." };
        DocumentedCommand upgrade = new("upgrade", "Changes the tables of an older store into those of this version and keeps every row.")
        {
            Examples = ["janusevents schema upgrade --script", "janusevents schema upgrade --store sqlite --connection \"Data Source=old.db\""],
            Options = { script },
        };
        upgrade.SetAction((result, cancellationToken) => result.GetValue(script)
            ? SchemaCommand.PrintUpgradeAsync(Settings(result), cancellationToken)
            : SchemaCommand.UpgradeAsync(Settings(result), cancellationToken));
        DocumentedCommand schema = new("schema", "Prints the SQL that creates the tables of a store. It needs no database.")
        {
            Examples = ["janusevents schema > tables.sql"],
            Subcommands = { upgrade },
        };
        schema.SetAction((result, _) => SchemaCommand.PrintAsync(Settings(result)));
        return schema;
    }

    private DocumentedCommand Rebuild()
    {
        DocumentedCommand records = new(
            "records", "Creates the call records and troubles that are missing from the stored events. It may be repeated, also beside running hosts.")
        {
            Examples = ["janusevents rebuild records"],
            Failure = "something failed",
        };
        records.SetAction((result, cancellationToken) => RebuildCommand.RebuildRecordsAsync(Settings(result), cancellationToken));
        DocumentedCommand rebuild = new(
            "rebuild", "Creates the facts about rooms again from the stored events. It may be repeated, also beside running hosts.")
        {
            Examples = ["janusevents rebuild"],
            Failure = "something failed, or rows are damaged: standard error lists them",
            Subcommands = { records },
        };
        rebuild.SetAction((result, cancellationToken) => RebuildCommand.RunAsync(Settings(result), cancellationToken));
        return rebuild;
    }

    private DocumentedCommand Rejected()
    {
        DocumentedCommand list = new("list", "Prints what was rejected and why, one JSON object per line.")
        {
            Examples = ["janusevents rejected list | jq .reason"],
        };
        list.SetAction((result, cancellationToken) => RejectedCommand.ListAsync(Settings(result), cancellationToken));
        DocumentedCommand retry = new(
            "retry", "Stores the rejected events that their tables accept now, each once. It may be repeated, also beside running hosts.")
        {
            Examples = ["janusevents rejected retry"],
        };
        retry.SetAction((result, cancellationToken) => RejectedCommand.RetryAsync(Settings(result), cancellationToken));
        return new("rejected", "Invalid elements, and events that their tables refused.")
        {
            Examples = ["janusevents rejected list"],
            Subcommands = { list, retry },
        };
    }

    private DocumentedCommand JanusConfig() => new(
        "janus-config", "Prints the lines that a Janus needs in the configuration of one of its event handlers. It needs no database.")
    {
        Examples = ["janusevents janus-config http --url http://media.example:8080/janus/events > janus.eventhandler.sampleevh.jcfg"],
        Subcommands = { JanusConfigHttp(), JanusConfigWebSocket(), JanusConfigRabbitMq(), JanusConfigMqtt() },
    };

    private DocumentedCommand JanusConfigHttp()
    {
        Option<string> url = new("--url") { Description = "Address of the host as Janus reaches it.", HelpName = "url", Required = true };
        Option<string?> user = new("--user")
        {
            Description = "User name that Janus sends; by default the setting JanusEvents:UserName.",
            HelpName = "name",
        };
        Option<bool> old = new("--old") { Description = "For a Janus that reads .cfg files." };
        DocumentedCommand http = new("http", "Prints the lines for janus.eventhandler.sampleevh.jcfg: Janus posts its events.")
        {
            Examples = ["janusevents janus-config http --url http://media.example:8080/janus/events --user janus"],
            Options = { url, user, old },
        };
        http.SetAction(result => JanusConfigCommand.PrintHttp(
            result.InvocationConfiguration.Output, Settings(result), result.GetRequiredValue(url), result.GetValue(user), result.GetValue(old)));
        return http;
    }

    private DocumentedCommand JanusConfigWebSocket()
    {
        Option<string> url = new("--url") { Description = "Address of the host as Janus reaches it.", HelpName = "url", Required = true };
        DocumentedCommand webSocket = new(
            "websocket",
            "Prints the lines for janus.eventhandler.wsevh.jcfg: Janus sends its events by WebSocket. "
            + "The sub-protocol is the setting JanusEvents:WebSocket:SubProtocol.")
        {
            Examples = ["janusevents janus-config websocket --url ws://media.example:8080/janus/events/ws"],
            Options = { url },
        };
        webSocket.SetAction(result => JanusConfigCommand.PrintWebSocket(
            result.InvocationConfiguration.Output, Settings(result), result.GetRequiredValue(url)));
        return webSocket;
    }

    private DocumentedCommand JanusConfigRabbitMq()
    {
        Option<string?> broker = new("--broker")
        {
            Description = "Address of the broker, of which Janus uses the first node; by default the setting JanusEvents:RabbitMq:Receiver:Uri.",
            HelpName = "amqp://user@host:port/vhost",
        };
        Option<string?> queue = new("--queue")
        {
            Description = "Queue of the receiver; by default the setting JanusEvents:RabbitMq:Receiver:Queue, or else janus-events.",
            HelpName = "queue",
        };
        Option<string?> exchange = new("--exchange")
        {
            Description = "Exchange to publish to; by default the setting JanusEvents:RabbitMq:Receiver:Exchange, or else none, which is best.",
            HelpName = "exchange",
        };
        DocumentedCommand rabbitMq = new("rabbitmq", "Prints the lines for janus.eventhandler.rabbitmqevh.jcfg: Janus publishes to RabbitMQ.")
        {
            Examples = ["janusevents janus-config rabbitmq --broker amqp://janus@rabbit-1:5672 --queue janus-events"],
            Options = { broker, queue, exchange },
        };
        rabbitMq.SetAction(result => JanusConfigCommand.PrintRabbitMq(
            result.InvocationConfiguration.Output, Settings(result), result.GetValue(broker), result.GetValue(queue), result.GetValue(exchange)));
        return rabbitMq;
    }

    private DocumentedCommand JanusConfigMqtt()
    {
        Option<string?> broker = new("--broker")
        {
            Description = "Address of the broker; by default the setting JanusEvents:Mqtt:Uri.",
            HelpName = "mqtt://user@host:port",
        };
        Option<string?> server = new("--server") { Description = "Name of the Janus server, for its topic and its client id.", HelpName = "name" };
        Option<string?> topic = new("--topic")
        {
            Description = "Topic of the server; by default one that the setting JanusEvents:Mqtt:Topics:0 matches, such as janus/edge-7.",
            HelpName = "topic",
        };
        DocumentedCommand mqtt = new("mqtt", "Prints the lines for janus.eventhandler.mqttevh.jcfg: Janus publishes to an MQTT broker.")
        {
            Examples = ["janusevents janus-config mqtt --broker mqtt://janus@mqtt-1:1883 --server edge-7"],
            Options = { broker, server, topic },
        };
        mqtt.SetAction(result => JanusConfigCommand.PrintMqtt(
            result.InvocationConfiguration.Output, Settings(result), result.GetValue(broker), result.GetValue(topic), result.GetValue(server)));
        return mqtt;
    }

    /// <summary>The settings of the command line; the two options of the store are short for theirs.</summary>
    private List<string> Settings(ParseResult result)
    {
        List<string> settings = [.. _settings];
        if (result.GetValue(_store) is { } store)
            settings.Add($"--JanusEvents:Store={store}");
        if (result.GetValue(_connection) is { } connection)
            settings.Add($"--ConnectionStrings:JanusEvents={connection}");
        return settings;
    }
}

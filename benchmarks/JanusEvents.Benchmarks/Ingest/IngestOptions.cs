using System.Globalization;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>How much is measured.</summary>
internal sealed record IngestOptions
{
    public const string Usage = """
        usage: benchmarks/ingest.sh [--events N] [--rounds N] [--minutes N] [--only NAME]...
          --events N     events in a round (60000); the small ones are derived from it
          --rounds N     rounds of each figure (5)
          --minutes N    how long the memory of the host is watched at full load (0.5; the real figure takes 10)
          --capture NAME the recorded call that all servers repeat (02-echotest), such as 10-wsevh, of which a quarter are events of
                         transports; of one session and with a server's name
          --only NAME    only this measurement: mariadb, monitoring, sqlite, small, parser, memory, latency,
                         query, settings
        """;

    /// <summary>Events in a round.</summary>
    public int Events { get; private init; } = 60_000;

    /// <summary>Rounds of each figure.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>How long the memory is watched.</summary>
    public TimeSpan MemoryTime { get; private init; } = TimeSpan.FromMinutes(0.5);

    /// <summary>The recorded call that all servers repeat; null for the usual one.</summary>
    public string? Capture { get; private init; }

    /// <summary>The names of the measurements to take; empty for all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>
    /// Events that a host gets before it is measured, so that its code is compiled for speed. With so few events that their
    /// figures say nothing it is not.
    /// </summary>
    public int WarmUpEvents => Events < 10_000 ? Events : Math.Max(Events / 2, 200_000);

    /// <summary>How long a round takes that is bounded by time.</summary>
    public TimeSpan RoundTime => TimeSpan.FromSeconds(Math.Clamp(Events / 20_000d, 0.2, 5));

    /// <summary>Reads arguments.</summary>
    /// <returns>Null when they are not understood.</returns>
    public static IngestOptions? Read(IReadOnlyList<string> args)
    {
        IngestOptions options = new();
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
                return null;

            string value = args[i + 1];
            bool isNumber = double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number > 0;
            switch (args[i])
            {
                case "--events" when isNumber:
                    options = options with { Events = (int)Math.Clamp(number, 2_000, 2_000_000) };
                    break;
                case "--rounds" when isNumber:
                    options = options with { Rounds = (int)Math.Clamp(number, 1, 100) };
                    break;
                case "--minutes" when isNumber:
                    options = options with { MemoryTime = TimeSpan.FromMinutes(Math.Clamp(number, 0.02, 60)) };
                    break;
                case "--capture":
                    options = options with { Capture = value };
                    break;
                case "--only":
                    options = options with { Only = [.. options.Only, value] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}

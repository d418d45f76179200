using System.Globalization;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>How much is asked.</summary>
internal sealed record QuestionsOptions
{
    public const string Usage = """
        usage: JanusEvents.Benchmarks questions [--rows N] [--rounds N] [--only mariadb|sqlite]
          --rows N     rows of statistics (10000000)
          --rounds N   how often each question is asked with indexes, each time of another call (20)
          --only NAME  only this database
        """;

    /// <summary>Rows of statistics.</summary>
    public long Rows { get; private init; } = 10_000_000;

    /// <summary>How often each question is asked with indexes.</summary>
    public int Rounds { get; private init; } = 20;

    /// <summary>The only database; null for all.</summary>
    public string? Only { get; private init; }

    /// <summary>Reads arguments.</summary>
    /// <returns>Null when they are not understood.</returns>
    public static QuestionsOptions? Read(IReadOnlyList<string> args)
    {
        QuestionsOptions options = new();
        for (int i = 0; i < args.Count; i += 2)
        {
            string value = i + 1 < args.Count ? args[i + 1] : "";
            bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0;
            switch (args[i])
            {
                case "--rows" when isNumber:
                    options = options with { Rows = Math.Clamp(number, 100_000, 100_000_000) };
                    break;
                case "--rounds" when isNumber:
                    options = options with { Rounds = (int)Math.Clamp(number, 1, 1000) };
                    break;
                case "--only" when value is MariaDbScene.DatabaseName or SqliteScene.DatabaseName:
                    options = options with { Only = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}

using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>
/// The command that measures, with as little load as it takes: that it runs and prints its lines, whatever it measures. It
/// counts the rows itself and fails when one is missing.
/// </summary>
public sealed class IngestBenchmarkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    private static readonly string Program = Repository.PathOf(
        "benchmarks", "JanusEvents.Benchmarks", "bin", Repository.Configuration, "net10.0", "JanusEvents.Benchmarks.dll");

    [FactNeeding(Capabilities.MariaDb)]
    public async Task It_stores_what_it_sends_and_prints_the_lines_of_what_it_measured()
    {
        (await LinesAsync("--only", "sqlite", "--only", "parser")).Should().Equal(
            "100 events a POST, 4 senders, to rows in SQLite",
            "parse bodies of 100 events",
            "the same: allocated",
            "parse bodies as captured, 1.7 events each",
            "the same: allocated");
    }

    [FactNeeding(Capabilities.MariaDb)]
    [Trait("Category", "Slow")]
    public async Task It_prints_every_line_of_its_table()
    {
        (await LinesAsync()).Should().Equal(
            "100 events a POST, 4 senders, to rows in MariaDB",
            "the same",
            "the same with the spool, to rows in MariaDB",
            "100 events a POST, 32 senders, to rows in MariaDB",
            "processor time of an event",
            "the same with the spool",
            "the same with 32 senders",
            "processor time of an event with monitoring",
            "100 events a POST, 4 senders, with monitoring",
            "100 events a POST, 4 senders, to rows in SQLite",
            "1 to 3 events a POST, 64 senders, to rows in MariaDB",
            "parse bodies of 100 events",
            "the same: allocated",
            "parse bodies as captured, 1.7 events each",
            "the same: allocated",
            "memory of the host at full load",
            "one event in a POST on an idle host",
            "statistics of a call while events come in",
            "all events of a call by IEventStore, meanwhile",
            "combine_media_stats: bytes for the statistics of a call, each time",
            "the same: parsing",
            "stats_period = 5: events of a call");
    }

    [Fact]
    public async Task It_says_how_it_is_used_when_it_is_told_something_else()
    {
        await using var process = ChildProcess.Start(["dotnet", Program, "ingest", "--only", "everything"], Path.GetTempPath());

        (await process.WaitForExitAsync(Limit)).Should().Be(2);
        process.Output.Should().Contain("usage: benchmarks/ingest.sh").And.Contain("--only NAME");
    }

    /// <summary>What each line of the printed table is about.</summary>
    private static async Task<IReadOnlyList<string>> LinesAsync(params string[] arguments)
    {
        var output = await ChildProcess.RunAsync(
            ["dotnet", Program, "ingest", "--events", "2000", "--rounds", "1", "--minutes", "0.02", .. arguments], Limit);
        return
        [
            .. output.Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split('|')[0].Trim())
                .Skip(1),
        ];
    }
}

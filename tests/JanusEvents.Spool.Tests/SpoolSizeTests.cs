using System.Diagnostics;
using System.Globalization;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Spool.Tests;

/// <summary>The sizes that docs/delivery.md gives: printed, and kept from growing unnoticed.</summary>
public sealed class SpoolSizeTests(ITestOutputHelper output) : IDisposable
{
    private const int Bodies = 50_000;
    private const int BodySize = 1_000;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["spool.db"];

    [Fact]
    public void What_a_body_and_a_hash_take_and_how_long_a_full_spool_takes_to_open()
    {
        using (SpoolFile file = Open())
        {
            for (int first = 0; first < Bodies; first += 1000)
                file.Append([.. Enumerable.Range(first, 1000).Select(n => NumberedBody.OfSize(n, BodySize))]);
        }

        double perBody = (double)Used() / Bodies;
        long started = Stopwatch.GetTimestamp();
        using (SpoolFile file = Open())
        {
            TimeSpan opened = Stopwatch.GetElapsedTime(started);
            output.WriteLine($"{Bodies} bodies of {BodySize} bytes: {perBody:0} bytes each with their hashes, open in {opened.TotalMilliseconds:0} ms");
            file.Bodies.Should().Be(Bodies);
            file.Record("a sink", Bodies, Bodies);
        }

        double perHash = (double)Used() / Bodies;
        output.WriteLine($"{perHash:0} bytes for each hash");
        perBody.Should().BeLessThan(BodySize + 600);
        perHash.Should().BeLessThan(150);
    }

    public void Dispose() => _folder.Dispose();

    private SpoolFile Open() => SpoolFile.Open(Path, new SpoolOptions(), TimeProvider.System);

    private long Used()
    {
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) * 4096;
    }
}

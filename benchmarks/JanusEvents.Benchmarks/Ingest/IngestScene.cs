using System.Runtime.InteropServices;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>What the measurements share: the options, the table of results, a private MariaDB, and a folder.</summary>
internal sealed class IngestScene(IngestOptions options, ReportTable table, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private MariaDbServer? _server;
    private int _folders;

    public IngestOptions Options => options;

    public ReportTable Table => table;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The MariaDB, with its own defaults.</summary>
    public async Task<MariaDbServer> ServerAsync() => _server ??= await MariaDbServer.StartAsync();

    /// <summary>A new empty folder.</summary>
    public string NewFolder()
    {
        string folder = _folder[$"{++_folders}"];
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Starts a sample host that stores into a database, without its spool unless the arguments name one.</summary>
    public Task<SampleHostProcess> StartHostAsync(MariaDbDatabase database, string spool = "off", params string[] settings) =>
        SampleHostProcess.StartAsync(
            NewFolder(),
            [
                "--JanusEvents:Store=MySql",
                $"--ConnectionStrings:JanusEvents={database.ConnectionString}",
                $"--JanusEvents:Spool={spool}",
                .. settings,
            ]);

    /// <summary>Tells whoever waits for the table how far it is.</summary>
    public void Say(string text)
    {
        cancellation.ThrowIfCancellationRequested();
        Console.Error.WriteLine(text);
    }

    /// <summary>The machine and the programs, for whoever reads the table.</summary>
    public async Task<string> DescribeAsync()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) ?? ": unknown";
        string database = _server is null
            ? ""
            : string.Join(", innodb_flush_log_at_trx_commit=", (await _server.QueryAsync("SELECT CONCAT('MariaDB ', @@version), @@innodb_flush_log_at_trx_commit"))[0]);
        return
            $"{Environment.ProcessorCount} × {processor[(processor.IndexOf(':', StringComparison.Ordinal) + 2)..]}, {RuntimeInformation.OSDescription}, " +
            $"{RuntimeInformation.FrameworkDescription}{(database.Length == 0 ? "" : ", ")}{database}; load, host and database on this one machine";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}

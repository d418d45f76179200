using BenchmarkDotNet.Attributes;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Writing;

/// <summary>Storing parsed events in SQLite, against bare prepared INSERTs of such rows into the same tables. Per event.</summary>
[MemoryDiagnoser]
[MinColumn]
[MinIterationCount(8)]
[MaxIterationCount(16)]
public class SqliteWriterBenchmarks : IAsyncDisposable
{
    private const int MostEvents = 2000;
    private const int EventsPerInvoke = 5 * MostEvents;

    private readonly TemporaryFolder _folder = new();
    private Batches _batches = null!;
    private BareSqlite _bare = null!;
    private BareSqlite.Work _work = null!;
    private EventBatch[] _next = [];

    /// <summary>Events of a batch: those of four bodies, or the most that a batch has.</summary>
    [Params(400, MostEvents)]
    public int BatchEvents { get; set; }

    /// <summary>Makes the files.</summary>
    [GlobalSetup]
    public void Open()
    {
        _batches = new Batches(events => events.AddSqlite($"Data Source={_folder["stored.db"]}"));
        _batches.WriteAsync(_batches.Next(1, BatchEvents)).GetAwaiter().GetResult();
        _bare = new BareSqlite(_folder["stored.db"], _folder["bare.db"]);
        _bare.Store(_bare.ReadNext());
    }

    /// <summary>Closes them.</summary>
    [GlobalCleanup]
    public void Close() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _bare.Dispose();
        await _batches.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Has other rows stored and reads them.</summary>
    [IterationSetup(Target = nameof(BareInserts))]
    public void ReadRows()
    {
        _batches.WriteAsync(_batches.Next(EventsPerInvoke / BatchEvents, BatchEvents)).GetAwaiter().GetResult();
        _work = _bare.ReadNext();
    }

    /// <summary>Receives other events.</summary>
    [IterationSetup(Target = nameof(Write))]
    public void Receive() => _next = _batches.Next(EventsPerInvoke / BatchEvents, BatchEvents);

    /// <summary>The limit.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventsPerInvoke)]
    public void BareInserts() => _bare.Store(_work);

    /// <summary>The sink.</summary>
    [Benchmark(OperationsPerInvoke = EventsPerInvoke)]
    public void Write() => _batches.WriteAsync(_next).GetAwaiter().GetResult();
}

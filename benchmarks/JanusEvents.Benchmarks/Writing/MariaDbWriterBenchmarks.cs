using BenchmarkDotNet.Attributes;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Writing;

/// <summary>Storing parsed events in MariaDB, against LOAD DATA of the same rows into the same tables. Per event.</summary>
[MemoryDiagnoser]
[MinColumn]
[MinIterationCount(8)]
[MaxIterationCount(16)]
public class MariaDbWriterBenchmarks : IAsyncDisposable
{
    private const int Count = 10;
    private const int MostEvents = 2000;
    private const int EventsPerInvoke = Count * MostEvents;

    private readonly TemporaryFolder _folder = new();
    private MariaDbServer _server = null!;
    private MariaDbDatabase _database = null!;
    private MariaDbDatabase _copy = null!;
    private BulkLoad _bulk = null!;
    private Batches _batches = null!;
    private EventBatch[] _next = [];

    /// <summary>Events of a batch: those of four bodies, or the most that a batch has.</summary>
    [Params(400, MostEvents)]
    public int BatchEvents { get; set; }

    /// <summary>Starts a private server and stores rows that can be loaded.</summary>
    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult(); // the in-process toolchain awaits nothing

    /// <summary>Ends the server.</summary>
    [GlobalCleanup]
    public void Stop() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _batches.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Empties the copy.</summary>
    [IterationSetup(Target = nameof(LoadData))]
    public void EmptyCopy() => StoredTables.EmptyAsync(_copy).GetAwaiter().GetResult();

    /// <summary>Empties the tables, and receives other events.</summary>
    [IterationSetup(Target = nameof(Write))]
    public void EmptyTables()
    {
        StoredTables.EmptyAsync(_database).GetAwaiter().GetResult();
        _next = _batches.Next(EventsPerInvoke / BatchEvents, BatchEvents);
    }

    /// <summary>The limit, on one connection, as the sink has one.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventsPerInvoke)]
    public void LoadData() => _bulk.LoadAsync(1).GetAwaiter().GetResult();

    /// <summary>The sink.</summary>
    [Benchmark(OperationsPerInvoke = EventsPerInvoke)]
    public void Write() => _batches.WriteAsync(_next).GetAwaiter().GetResult();

    private async Task StartAsync()
    {
        _server = await MariaDbServer.StartAsync();
        _database = await _server.CreateDatabaseAsync();
        _copy = await _server.CreateDatabaseAsync();
        _batches = new Batches(events => events.AddMySql(_database.ConnectionString));
        await _batches.WriteAsync(_batches.Next(EventsPerInvoke / BatchEvents, BatchEvents));
        _bulk = new BulkLoad(_database, _copy, _folder.Path);
        await _bulk.PrepareAsync();
    }
}

using System.Data.Common;
using JanusEvents.Observation;
using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Health;

/// <summary>Asks the database of a sink something short, on a connection of its own.</summary>
internal sealed class StoreQuestion(string name, Func<DbDataSource> dataSource, SqlDialect dialect, StoreTroubles troubles)
    : IStoreQuestion
{
    private readonly Lock _gate = new();
    private Task _asking = Task.CompletedTask;

    public string Name => name;

    public IReadOnlyList<string> Troubles => troubles.Current;

    // All who ask while a question is open wait for its answer, so that a database that hangs holds one thread only.
    public Task AskAsync()
    {
        lock (_gate)
        {
            if (_asking.IsCompleted)
            {
                _asking = Task.Run(AskOnceAsync);

                // It may fail when nobody waits any more.
                _ = _asking.ContinueWith(
                    static ended => ended.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default);
            }

            return _asking;
        }
    }

    private async Task AskOnceAsync()
    {
        StoreConnection connection = await StoreConnection
            .OpenAsync(dataSource(), dialect, CancellationToken.None, isReader: true).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            await connection.ScalarAsync(dialect.ShortQuestion).ConfigureAwait(false);
    }
}

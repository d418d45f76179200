namespace JanusEvents.Relational.Writing;

/// <summary>
/// Who in this process may write. A server takes all at once, each for a limited time. A file takes one writer: those who
/// wait get it in the order in which they came, where SQLite would let them ask again and again.
/// </summary>
internal sealed class WriteTurn(SqlDialect dialect) : IDisposable
{
    private readonly SemaphoreSlim? _one = dialect.IsServer ? null : new SemaphoreSlim(1, 1);

    /// <summary>Does something in the database, on the thread of who asks. It must not ask for the turn again.</summary>
    public async Task RunAsync(WritingThread thread, Func<Task> work)
    {
        if (_one is null)
        {
            await thread.RunAsync(work, hasLimit: true).ConfigureAwait(false);
            return;
        }

        await _one.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await thread.RunAsync(work, hasLimit: false).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one?.Dispose();
}

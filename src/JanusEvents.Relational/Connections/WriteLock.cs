namespace JanusEvents.Relational.Connections;

/// <summary>
/// The right to write to a database, within this process. A server takes several writers at a time. A file takes one: those who wait get
/// it in the order in which they came, where SQLite would let them ask again and again.
/// </summary>
internal sealed class WriteLock(SqlDialect dialect) : IDisposable
{
    // Two, since a writer of a server waits for it more than it works.
    private readonly SemaphoreSlim _free = new(WritersOf(dialect), WritersOf(dialect));

    /// <summary>How many may write at a time.</summary>
    public int Writers => WritersOf(dialect);

    /// <summary>Waits for the lock.</summary>
    /// <returns>Gives it back when disposed.</returns>
    public async ValueTask<Held> EnterAsync()
    {
        await _free.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        return new Held(_free);
    }

    /// <summary>Waits for the lock for work beside that of the sink, which a server takes at any time.</summary>
    public ValueTask<Held> EnterBesideAsync() => dialect.IsServer ? default : EnterAsync();

    public void Dispose() => _free.Dispose();

    private static int WritersOf(SqlDialect dialect) => dialect.IsServer ? 2 : 1;

    /// <summary>The lock, while somebody has it.</summary>
    public readonly struct Held(SemaphoreSlim? free) : IDisposable
    {
        public void Dispose() => free?.Release();
    }
}

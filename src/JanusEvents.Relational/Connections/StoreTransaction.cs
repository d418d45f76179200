namespace JanusEvents.Relational.Connections;

/// <summary>A transaction that is undone unless it is committed.</summary>
/// <param name="connection">Its connection.</param>
/// <param name="script">Where its statements are gathered; null where each was sent by itself.</param>
internal sealed class StoreTransaction(StoreConnection connection, StatementScript? script) : IAsyncDisposable
{
    private bool _isOver;

    /// <summary>Commits. When that fails, nobody knows whether it was done.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (script is null)
        {
            await connection.ExecuteAsync("COMMIT").ConfigureAwait(false);
        }
        else
        {
            script.Add("COMMIT");
            await script.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _isOver = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
            await connection.RollBackAsync().ConfigureAwait(false);
    }
}

using JanusEvents.Delivery;
using JanusEvents.Relational.Connections;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Work between two batches, a step at a time: removes expired hashes and rejected elements, completes rows from <c>extras</c>, and
/// creates views.
/// </summary>
internal sealed class Tidying(SqlDialect dialect, EventStoreOptions options, WritableTables tables, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly Purge _purge = new(dialect, time, options.HashWindow ?? RelationalEventSink.DefaultHashWindow, options.RejectedAge);
    private readonly Completion _completion = new(dialect, time, logger);
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Does a step when one is due. Its failure is not one of the batch, which is stored.</summary>
    public async Task StepAsync(StoreConnection connection)
    {
        if (!_purge.IsDue && !_completion.IsDue && !tables.MayLackViews)
            return;

        // Another writer at it does it for all.
        if (!await _gate.WaitAsync(0).ConfigureAwait(false))
            return;

        try
        {
            if (await _purge.StepAsync(connection).ConfigureAwait(false))
                tables.RecountRejected();
            await _completion.StepAsync(connection, tables.Layouts).ConfigureAwait(false);
            if (tables.MayLackViews)
                await tables.CreateViewsAsync(connection).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it will be tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StoreLog.PurgeFailed(logger, Outage.CauseOf(e));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}

using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Completes, in small steps between batches, the rows of tables that were upgraded from what the table <c>extras</c>
/// keeps of them: also what hosts put there that had not seen the new columns yet.
/// </summary>
internal sealed class Completion(SqlDialect dialect, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(60);

    private Queue<ExtrasMove> _moves = [];
    private long? _looked;

    /// <summary>Whether there may be something left.</summary>
    public bool IsDue => _looked is not { } looked || time.GetElapsedTime(looked) >= s_pause;

    /// <summary>Takes a step if there may be something left.</summary>
    public async Task StepAsync(StoreConnection connection, IReadOnlyDictionary<EventTable, TableLayout> layouts)
    {
        if (!IsDue)
            return;

        // Also when it fails, as without the right to delete.
        _looked = time.GetTimestamp();
        if (_moves.Count == 0)
            _moves = new Queue<ExtrasMove>(layouts.Values.Where(l => l.IsComplete).Select(l => new ExtrasMove(dialect, l)));
        try
        {
            while (_moves.TryPeek(out ExtrasMove? move))
            {
                if (await move.StepAsync(connection).ConfigureAwait(false) > 0)
                {
                    // The next batch is followed by another step.
                    _looked = null;
                    return;
                }

                _moves.Dequeue();
            }
        }
        catch (DbException e) when (dialect.Classify(e) is FailureKind.Repeat)
        {
            StoreLog.CompletionFailed(logger, e);
        }
    }
}

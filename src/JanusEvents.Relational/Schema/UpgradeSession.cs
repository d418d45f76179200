using System.Data.Common;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Schema;

/// <summary>The session of an upgrade on its server, as seen from other connections.</summary>
/// <param name="dataSource">Opens them.</param>
/// <param name="dialect">The kind of database.</param>
/// <param name="claim">The claim of the upgrade.</param>
internal sealed class UpgradeSession(DbDataSource dataSource, SqlDialect dialect, Claim claim)
{
    // How often in turn a server may not answer what it does, or say that it does nothing.
    private const int MaxSilences = 6;
    private const int MaxAbsences = 2;

    private long _session;
    private int _silences;
    private int _absences;

    /// <summary>Learns the number of the session from its connection.</summary>
    public async Task BeginAsync(StoreConnection connection) =>
        _session = await dialect.Schema.SessionOfAsync(connection).ConfigureAwait(false);

    /// <summary>Begins to wait for another table.</summary>
    public void BeginTable() => _silences = _absences = 0;

    /// <summary>The work of the session in the server's words, to be added to a sentence; keeps the claim.</summary>
    /// <exception cref="TimeoutException">It does not work on the table any more, as far as is known.</exception>
    public async Task<string> StateAsync()
    {
        if (!dialect.IsServer)
            return "";

        string? state;
        try
        {
            StoreConnection other = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                state = await dialect.Schema.StateOfAsync(other, _session).ConfigureAwait(false);
                await claim.TryTakeAsync(other).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (++_silences < MaxSilences && e is DbException or TimeoutException or InvalidOperationException)
        {
            return ", and the server does not answer at present";
        }

        _silences = 0;
        _absences = state is null ? _absences + 1 : 0;
        if (_absences >= MaxAbsences)
        {
            // Perhaps it is done, and the driver has not noticed.
            throw new TimeoutException(
                "The server does not work on the table any more, and has not confirmed that it is done. Upgrade again to continue.");
        }

        return string.IsNullOrEmpty(state) ? "" : $" ({state})";
    }

    /// <summary>Ends the session, and gives the claim up.</summary>
    /// <returns>Why it could not be ended; null where it was.</returns>
    public async Task<string?> EndAsync()
    {
        try
        {
            StoreConnection other = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                await claim.ReleaseAsync(other).ConfigureAwait(false);
                await dialect.Schema.EndAsync(other, _session).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            return e.Message;
        }
    }
}

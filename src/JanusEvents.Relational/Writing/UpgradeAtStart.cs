using System.Data.Common;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// The upgrade of the tables before the first write, if the host asked for it. It goes on by itself while the writes that
/// wait for it fail and are tried again, since it may take longer than any of them may.
/// </summary>
internal sealed class UpgradeAtStart(
    DbDataSource dataSource,
    SqlDialect dialect,
    RetentionOptions retention,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    // Below the time in which Janus wants its answer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();

    // The same for every attempt, so that one that was interrupted is not waited for.
    private readonly Claim _claim = new(SchemaUpgrader.ClaimName);
    private Task? _upgrade;
    private bool _over;
    private volatile string _latest = "it begins.";

    /// <summary>Waits until the upgrade is over.</summary>
    /// <exception cref="TimeoutException">It takes longer: nothing is to be written yet.</exception>
    public async ValueTask WaitAsync()
    {
        if (_over)
            return;

        Task upgrade = _upgrade ??= Task.Run(UpgradeAsync);
        if (await Task.WhenAny(upgrade, Task.Delay(s_patience)).ConfigureAwait(false) != upgrade)
            throw new TimeoutException($"The tables are being upgraded, and nothing is written until that is done: {_latest}");

        // One that did not reach the database begins anew with the next write.
        _upgrade = null;
        await upgrade.ConfigureAwait(false);
        _over = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_upgrade is { } upgrade)
            await upgrade.WaitAsync(s_closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task UpgradeAsync()
    {
        try
        {
            SchemaUpgrader upgrader = new(dataSource, dialect, retention, time, Report, _claim);
            SchemaUpgradeResult done = await upgrader.RunAsync(movesExtras: false, _stopping.Token).ConfigureAwait(false);
            foreach (string sentence in done.LeftAlone)
                StoreLog.LeftAlone(logger, sentence);
            if (!done.DidNothing)
                StoreLog.Upgrading(logger, done.ToString());
        }
        catch (SchemaUpgradeException e)
        {
            StoreLog.UpgradeFailed(logger, e);
        }
    }

    private void Report(SchemaUpgradeProgress progress)
    {
        _latest = progress.Message;
        StoreLog.Upgrading(logger, progress.Message);
    }
}

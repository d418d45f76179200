using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Writes each batch into the tables in one transaction, over one connection that stays open. After a failure whose
/// outcome is unknown the connection is thrown away and the batch is left to be repeated whole: the hashes tell what of
/// it was stored.
/// </summary>
internal sealed class RelationalEventSink(
    DbDataSource dataSource,
    SqlDialect dialect,
    ILogger<RelationalEventSink> logger,
    bool ownsDataSource) : IEventSink, IAsyncDisposable
{
    // How often a transaction that lost against another one is repeated at once before the caller is told.
    private const int MaxRepeats = 5;

    private WriterConnection? _connection;
    private bool _tablesMade;

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await WriteOnceAsync(batch, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                FailureKind kind = dialect.Classify(e);
                if (kind == FailureKind.Repeat && attempt <= MaxRepeats)
                {
                    StoreLog.Repeated(logger, attempt);
                    continue;
                }

                await ForgetConnectionAsync().ConfigureAwait(false);
                if (kind == FailureKind.MissingTable)
                    _tablesMade = false;
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetConnectionAsync().ConfigureAwait(false);
        if (ownsDataSource)
            await dataSource.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteOnceAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        WriterConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        DbTransaction transaction = await connection.Connection
            .BeginTransactionAsync(dialect.IsolationLevel, CancellationToken.None).AsTask().InTimeAsync().ConfigureAwait(false);
        try
        {
            BatchTransaction writer = new(connection, transaction, dialect, logger);
            await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).InTimeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (dialect.Classify(e) == FailureKind.Repeat)
        {
            // The connection goes on, but never with what is left of this transaction: the next BEGIN would commit it.
            if (!await TryRollBackAsync(transaction).ConfigureAwait(false))
                await ForgetConnectionAsync().ConfigureAwait(false);
            throw;
        }

        await transaction.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<WriterConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        _connection ??= await WriterConnection.OpenAsync(dataSource, dialect, cancellationToken).ConfigureAwait(false);
        if (!_tablesMade)
        {
            IReadOnlyList<string> made = await SchemaCreator
                .CreateMissingAsync(_connection.Connection, dialect, cancellationToken).ConfigureAwait(false);
            if (made.Count > 0)
                StoreLog.TablesMade(logger, string.Join(", ", made));
            _tablesMade = true;
        }

        return _connection;
    }

    private async Task<bool> TryRollBackAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None).InTimeAsync().ConfigureAwait(false);
            await transaction.DisposeAsync().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // The failure that led here is the one to report.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StoreLog.RollbackFailed(logger, e);
            return false;
        }
    }

    private async ValueTask ForgetConnectionAsync()
    {
        WriterConnection? connection = _connection;
        _connection = null;
        if (connection is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}

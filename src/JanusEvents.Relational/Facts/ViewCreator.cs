using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Facts;

/// <summary>Makes the views that are missing. Several hosts may do it at once.</summary>
internal static class ViewCreator
{
    /// <inheritdoc cref="CreateMissingAsync(DbConnection, SqlDialect, Action{DbException}, CancellationToken)"/>
    public static Task CreateMissingAsync(
        DbConnection connection,
        SqlDialect dialect,
        ILogger logger,
        CancellationToken cancellationToken) =>
        CreateMissingAsync(connection, dialect, e => StoreLog.ViewsNotMade(logger, e), cancellationToken);

    /// <summary>
    /// Makes the views that are missing. Nothing that is stored depends on them, so that an account without the right to
    /// make views is no failure.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="dialect">The kind of database.</param>
    /// <param name="notMade">Is told why they could not be made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task CreateMissingAsync(
        DbConnection connection,
        SqlDialect dialect,
        Action<DbException> notMade,
        CancellationToken cancellationToken)
    {
        ILookup<string, Tables.ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach ((string name, string select) in new FactViews(dialect).All.Where(v => !existing.Contains(v.Name)))
            {
                DbCommand command = connection.CreateDefiningCommand();
                using (command)
                {
#pragma warning disable CA2100 // The text is made of the definitions of the views, which no input reaches.
                    command.CommandText = dialect.CreateView(name, select);
#pragma warning restore CA2100
                    await command.ExecuteNonQueryInTimeAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (DbException e) when (dialect.Classify(e) != FailureKind.Repeat)
        {
            notMade(e);
        }
    }
}

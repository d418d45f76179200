namespace JanusEvents;

/// <summary>
/// Makes and upgrades the tables of a store, and prints the SQL that does it: a service, once <c>AddMySql</c> or
/// <c>AddSqlite</c> was called. A host that only stores needs none of it: missing tables are created before the first write.
/// </summary>
/// <remarks><inheritdoc cref="IEventStore" path="/remarks"/></remarks>
public interface IEventSchema
{
    /// <summary>
    /// The SQL that creates every missing table. It can be run as it is with the database's own command line
    /// client, as often as one likes, and makes what a host makes by itself.
    /// </summary>
    string CreateScript();

    /// <summary>
    /// The SQL that <see cref="UpgradeAsync"/> would run on the database as it is now. It can be run as it is with the
    /// database's own command line client. The values that a host kept in the table <c>extras</c> are moved afterwards by the hosts
    /// that write, or by <see cref="UpgradeAsync"/>, since it takes more than SQL.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading of the database.</param>
    /// <returns>The statements with a comment for each table; only comments when there is nothing to do.</returns>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    Task<string> UpgradeScriptAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Alters the tables of the database to what they would be if created now: columns are widened and added, indexes added, missing
    /// tables created, and what lies in the table <c>extras</c> moves into the columns. Every row is kept, with its number
    /// and its values. Each table is changed as a whole or not at all: one that was interrupted goes on when it is called
    /// again, and one that is called again changes nothing. Hosts may go on writing meanwhile: they wait for a table that
    /// is being changed. Of several upgrades at once one works and the others wait for it.
    /// </summary>
    /// <param name="progress">Gets each table's rows and an estimate of the time first, then each step.</param>
    /// <param name="cancellationToken">
    /// Ends it before the next table. A table that is being changed is left to the server, which ends what it began.
    /// </param>
    /// <returns>The changes. A database of a newer version of JanusEvents is skipped, which it reports.</returns>
    /// <exception cref="InvalidOperationException">
    /// The database cannot be opened; or tables could not be changed: the message names each with the database's reason,
    /// and the others were changed.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">The database stopped answering.</exception>
    Task<SchemaUpgradeResult> UpgradeAsync(IProgress<SchemaUpgradeProgress>? progress = null, CancellationToken cancellationToken = default);
}

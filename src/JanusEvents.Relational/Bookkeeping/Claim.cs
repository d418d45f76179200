using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Bookkeeping;

/// <summary>
/// Work that one host at a time does for all on a database: a row in the table <c>claims</c>. It is renewed while the work goes
/// on, and taken over a minute after its host has stopped renewing it. Unlike a lock of the server, it holds on all nodes of a
/// cluster. A file, which takes one writer at a time, needs none.
/// </summary>
/// <param name="name">The work.</param>
internal sealed class Claim(string name)
{
    /// <summary>How long a claim holds without being renewed, in seconds.</summary>
    public const int Seconds = 60;

    private const int MaxTries = 5;

    private readonly byte[] _owner = Guid.NewGuid().ToByteArray();

    /// <summary>Takes the claim, or renews it.</summary>
    /// <returns>False while another host has it.</returns>
    public async Task<bool> TryTakeAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        if (dialect.TimeIn(Seconds) is not { } end)
            return true;

        string claims = dialect.Table(BookkeepingTables.Claims);
        string names = $"{dialect.Quote("name")}, {dialect.Quote("owner")}, {dialect.Quote("until")}";
        string update = $"UPDATE {claims} SET {dialect.Quote("owner")} = @owner, {dialect.Quote("until")} = {end} "
            + $"WHERE {dialect.Quote("name")} = @name AND ({dialect.Quote("owner")} = @same OR {dialect.Quote("until")} < {dialect.TimeIn(0)})";
        string insert = $"{dialect.InsertOrIgnore} {claims} ({names}) VALUES (@name, @owner, {end})";
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await connection.ExecuteAsync(
                        update, ("@owner", ColumnKind.Guid, _owner), ("@name", ColumnKind.Key, name), ("@same", ColumnKind.Guid, _owner)).ConfigureAwait(false) > 0
                    || await connection.ExecuteAsync(
                        insert, ("@name", ColumnKind.Key, name), ("@owner", ColumnKind.Guid, _owner)).ConfigureAwait(false) > 0;
            }
            catch (DbException e) when (dialect.Classify(e) == FailureKind.Repeat && attempt < MaxTries)
            {
                // Another host asked at the same moment; the next question says who has it.
            }
        }
    }

    /// <summary>Gives the claim up, if this host has it.</summary>
    public async Task ReleaseAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        if (dialect.TimeIn(0) is null)
            return;

        // Not deleted: that takes a right of its own.
        await connection.ExecuteAsync(
            $"UPDATE {dialect.Table(BookkeepingTables.Claims)} SET {dialect.Quote("until")} = {dialect.TimeIn(-1)} "
                + $"WHERE {dialect.Quote("name")} = @name AND {dialect.Quote("owner")} = @owner",
            ("@name", ColumnKind.Key, name),
            ("@owner", ColumnKind.Guid, _owner)).ConfigureAwait(false);
    }
}

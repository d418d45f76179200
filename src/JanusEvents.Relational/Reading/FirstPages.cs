using System.Data.Common;
using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Reading;

/// <summary>
/// Asks for the first pages of several tables at once: most of what is asked by session is a few rows of a few tables,
/// and the way to the server and back takes longer than to find them.
/// </summary>
internal static class FirstPages
{
    /// <summary>Reads the first page of each that an index finds.</summary>
    /// <param name="connection">The connection of all of them.</param>
    /// <param name="pages">Pages of one filter, so that parameters of the same name have the same value.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task ReadAsync(StoreConnection connection, IEnumerable<TablePages> pages, CancellationToken cancellationToken)
    {
        List<TablePages> together = [.. pages.Where(p => p.IsByIndex)];
        if (together.Count < 2)
            return;

        DbCommand command = connection.CreateReading();
        using (command)
        {
            foreach (DbCommand page in together.SelectMany(p => p.Commands))
                Add(command, page);
            await ReadAsync(connection, command, together, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Add(DbCommand command, DbCommand page)
    {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        command.CommandText += $"{page.CommandText};\n";
#pragma warning restore CA2100
        foreach (DbParameter parameter in page.Parameters)
        {
            if (command.Parameters.Contains(parameter.ParameterName))
                continue;
            DbParameter same = command.CreateParameter();
            same.ParameterName = parameter.ParameterName;
            same.DbType = parameter.DbType;
            same.Value = parameter.Value;
            command.Parameters.Add(same);
        }
    }

    private static async Task ReadAsync(
        StoreConnection connection,
        DbCommand command,
        List<TablePages> pages,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DbDataReader reader = await connection.ReadAsync(command).ConfigureAwait(false);
        try
        {
            foreach (TablePages of in pages)
            {
                await of.BeginAsync(reader, command).ConfigureAwait(false);
                await connection.NextResultAsync(reader, command).ConfigureAwait(false);
            }
        }
        finally
        {
            await connection.CloseAsync(reader).ConfigureAwait(false);
        }
    }
}

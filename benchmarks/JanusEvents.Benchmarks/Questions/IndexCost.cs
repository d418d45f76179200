using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>What it takes to add statistics to the table as it is, with the INSERTs of the sink; they are removed again.</summary>
/// <param name="Rates">Rows in a second.</param>
/// <param name="Costs">Processor time of the database for a row, in microseconds.</param>
internal sealed record IndexCost(Figures Rates, Figures Costs)
{
    private const int Rounds = 7;
    private const int RowsPerRound = 20_000;
    private const int RowsPerCommit = 2_000;
    private const int EventsPerBody = 100;

    public static async Task<IndexCost> MeasureAsync(QuestionScene scene, long last, Action<string> say)
    {
        say("writing …");
        EventTable table = EventTables.For(typeof(MediaStatsEvent));
        TableLayout layout = TableLayout.Complete(table);
        List<double> rates = [];
        List<double> costs = [];
        Fleet server = new(1);
        JanusEventParser parser = new();
        await using (StoreConnection connection = await StoreConnection.OpenAsync(scene.DataSource, scene.Dialect, CancellationToken.None))
        {
            long next = last + 2;

            // The first round prepares the statements and compiles the code.
            for (int round = 0; round <= Rounds; round++)
            {
                List<object?[]> rows = [];
                while (rows.Count < RowsPerRound)
                    rows.AddRange(parser.Parse(server.NextBody(EventsPerBody)).Events.OfType<MediaStatsEvent>().Select(e => EventRow.Of(e, layout, next++).Values));

                double used = scene.ProcessorSeconds();
                long started = Stopwatch.GetTimestamp();
                await WriteAsync(connection, table, rows);
                TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
                if (round > 0)
                {
                    rates.Add(rows.Count / elapsed.TotalSeconds);
                    costs.Add((scene.ProcessorSeconds() - used) * 1e6 / rows.Count);
                }
            }
        }

        await using DbConnection removing = await scene.DataSource.OpenConnectionAsync();
        await using DbCommand delete = removing.CreateCommand();
#pragma warning disable CA2100 // Made of the table definitions and a number.
        delete.CommandText = string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {scene.Dialect.Quote(table.Name)} WHERE id > {last}");
#pragma warning restore CA2100
        await delete.ExecuteNonQueryAsync();
        return new IndexCost(new Figures(rates), new Figures(costs));
    }

    private static async Task WriteAsync(StoreConnection connection, EventTable table, List<object?[]> rows)
    {
        TableInsert insert = connection.InsertInto(table);
        for (int commit = 0; commit < rows.Count; commit += RowsPerCommit)
        {
            int begin = commit;
            int end = Math.Min(rows.Count, commit + RowsPerCommit);
            await using StoreTransaction transaction = await connection.BeginAsync();
            await insert.InsertAsync(end - begin, _ => 0, (row, column) => rows[begin + row][column], refused: null, script: null, CancellationToken.None);
            await transaction.CommitAsync();
        }
    }
}

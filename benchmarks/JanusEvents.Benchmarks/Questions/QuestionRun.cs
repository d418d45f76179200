using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>The questions to one database, without indexes and with them.</summary>
internal sealed class QuestionRun(QuestionScene scene, QuestionsOptions options)
{
    private const long RowsPerStatement = 500_000;

    // Whole seconds, as a person would ask.
    private readonly StoredCalls _calls = new(options.Rows, new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc));

    public async Task RunAsync(TextWriter output)
    {
        await using StoreConnection opened = await StoreConnection.OpenAsync(scene.DataSource, scene.Dialect, CancellationToken.None);
        DbConnection connection = opened.Driver;
        await FillAsync(connection);
        await using ServiceProvider services = scene.Services();
        IEventStore store = services.GetRequiredService<IEventStore>();

        IndexCost without = await IndexCost.MeasureAsync(scene, _calls.LastNumber, Say);
        List<Answer> before = await AskAsync(opened, store, 1);
        Say("indexes …");
        long started = Stopwatch.GetTimestamp();
        await services.GetRequiredService<IEventSchema>().UpgradeAsync();
        TimeSpan indexing = Stopwatch.GetElapsedTime(started);
        await scene.SettleAsync(connection);
        List<Answer> after = await AskAsync(opened, store, options.Rounds);
        IndexCost with = await IndexCost.MeasureAsync(scene, _calls.LastNumber, Say);

        await output.WriteLineAsync($"\n## {await scene.DescribeAsync()}\n");
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Rows:N0} rows of statistics, {_calls.Calls:N0} sessions, {_calls.Calls * 2:N0} handles; the indexes took {indexing.TotalSeconds:0} s. Median (lowest–highest) of {options.Rounds}.\n"));
        await output.WriteLineAsync("| question | rows | without indexes | with them |\n|---|---|---|---|");
        foreach ((Answer b, Answer a) in before.Zip(after))
            await output.WriteLineAsync($"| {b.Question.What} | {a.Rows.ToString("N0", CultureInfo.InvariantCulture)} | {b.Time} | {a.Time} |");
        await output.WriteLineAsync("\n| question | plan without indexes | plan with them |\n|---|---|---|");
        foreach ((Answer b, Answer a) in before.Zip(after))
            await output.WriteLineAsync($"| {b.Question.What} | {b.Plan} | {a.Plan} |");
        await output.WriteLineAsync("\n| writing statistics | without indexes | with them | |\n|---|---|---|---|");
        await output.WriteLineAsync(
            $"| rows in a second | {without.Rates.ToString("N0")} | {with.Rates.ToString("N0")} | {(with.Rates.Median / without.Rates.Median).ToString("P0", CultureInfo.InvariantCulture)} |");
        await output.WriteLineAsync(
            $"| processor time for a row | {without.Costs.ToString("0.0")} µs | {with.Costs.ToString("0.0")} µs | {(with.Costs.Median / without.Costs.Median).ToString("P0", CultureInfo.InvariantCulture)} |");
    }

    private static void Say(string text) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {text}"));

    private async Task FillAsync(DbConnection connection)
    {
        foreach (TableDefinition table in SchemaCreator.Tables)
        {
            TableDefinition bare = new(table.Name, table.Columns) { PrimaryKey = table.PrimaryKey, NumbersItself = table.NumbersItself };
            foreach (string statement in scene.Dialect.Create(bare))
                await ExecuteAsync(connection, statement);
        }

        await ExecuteAsync(connection, scene.BeforeFilling);
        foreach ((string table, long rows, (string Column, string Sql)[] columns) in _calls.Tables(scene))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows for {table} …"));
            string names = string.Join(", ", columns.Select(c => scene.Dialect.Quote(c.Column)));
            string values = string.Join(", ", columns.Select(c => c.Sql));
            for (long first = 1; first <= rows; first += RowsPerStatement)
            {
                await ExecuteAsync(
                    connection,
                    $"INSERT INTO {scene.Dialect.Quote(table)} ({names}) SELECT {values} FROM {scene.Numbers(first, Math.Min(rows, first + RowsPerStatement - 1))} n");
            }
        }

        await scene.SettleAsync(connection);
    }

    private async Task<List<Answer>> AskAsync(StoreConnection opened, IEventStore store, int rounds)
    {
        DbConnection connection = opened.Driver;
        List<Answer> answers = [];
        foreach (Question question in Question.All)
        {
            Say($"{question.What} …");
            List<double> times = [];
            long rows = 0;
            bool givenUp = false;
            string plan = "";
            for (int i = 0; i < rounds; i++)
            {
                // Another call each time, from all of the five days.
                (long session, long handle) = StoredCalls.IdsOf((_calls.Calls / 7 + (i * 7919L)) % _calls.Calls);
                DateTime hour = _calls.End.AddHours(-1);
                long started = Stopwatch.GetTimestamp();
                try
                {
                    rows = question.Query is { } query
                        ? await ReadAsync(store, query(session, handle, hour), question.MostEvents)
                        : await ReadAsync(connection, question.Sql!, session, handle, hour);
                }
                catch (Exception e) when (e is TimeoutException or DbException)
                {
                    givenUp = true;
                }

                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (i == 0)
                {
                    plan = question.Query is { } asked
                        ? await PlanAsync(opened, asked(session, handle, hour))
                        : await PlanAsync(Command(connection, question.Sql!, session, handle, hour));
                }
            }

            answers.Add(new Answer(question, new Figures(times), givenUp, rows, plan));
        }

        return answers;
    }

    private static async Task<long> ReadAsync(IEventStore store, EventQuery query, int most)
    {
        long events = 0;
        await foreach (JanusEvent _ in store.ReadAsync(query))
        {
            if (++events == most)
                break;
        }

        return events;
    }

    private async Task<long> ReadAsync(DbConnection connection, string sql, long session, long handle, DateTime hour)
    {
        await using DbCommand command = Command(connection, sql, session, handle, hour);
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        long rows = 0;
        while (await reader.ReadAsync())
            rows++;
        return rows;
    }

    /// <summary>The plan of what the store asks of the table of statistics.</summary>
    private async Task<string> PlanAsync(StoreConnection connection, EventQuery query)
    {
        ILookup<string, ExistingColumn> existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);
        TableLayout layout = SchemaReader.Layouts(existing)[EventTables.For(typeof(MediaStatsEvent))];
        await using TablePages pages = new(connection, layout, hasExtras: true, new TableFilter(query), ReadingRange.Of(query));
        List<string> plans = [];
        foreach (DbCommand command in pages.Commands)
            plans.Add(await PlanAsync(command));
        return string.Join("; then ", plans);
    }

    private async Task<string> PlanAsync(DbCommand command)
    {
#pragma warning disable CA2100 // Made of constants and the table definitions.
        command.CommandText = $"{scene.Explain} {command.CommandText}";
#pragma warning restore CA2100
        List<string> plan = [];
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(scene.Plan(reader));
        return string.Join("; ", plan);
    }

    private DbCommand Command(DbConnection connection, string sql, long session, long handle, DateTime hour)
    {
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants of Question.
        command.CommandText = sql;
#pragma warning restore CA2100
        Add("@session", ColumnKind.Integer, session);
        Add("@handle", ColumnKind.Integer, handle);
        Add("@hour", ColumnKind.Time, hour);
        return command;

        void Add(string name, ColumnKind kind, object value)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = scene.Dialect.ParameterType(kind);
            parameter.Value = scene.Dialect.ToParameter(value);
            command.Parameters.Add(parameter);
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants and the table definitions.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What a question took.</summary>
    /// <param name="Question">The question.</param>
    /// <param name="Times">How long it took, in milliseconds.</param>
    /// <param name="GivenUp">Whether the limit of time was reached that the store sets to each statement.</param>
    /// <param name="Rows">How many rows or events came, at last.</param>
    /// <param name="Plan">How the database went about it.</param>
    private sealed record Answer(Question Question, Figures Times, bool GivenUp, long Rows, string Plan)
    {
        public string Time => $"{Times.ToString("N1")} ms{(GivenUp ? ", given up" : "")}";
    }
}

using System.Globalization;
using System.Text;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JanusEvents.Sqlite;

/// <summary>
/// Inserts rows by one statement of SQLite itself, whose values are given by their places. The driver looks each up by its name,
/// which takes more time than to insert the row.
/// </summary>
internal sealed class SqliteInsert(StoreConnection connection, TableDefinition table, string verb)
    : TableInsert(connection, table, verb)
{
    // A longer text has bytes of its own, so that one SDP of a megabyte is not kept permanently.
    private const int MaxKept = 64 * 1024;

    private readonly sqlite3 _database = ((SqliteConnection)connection.Driver).Handle!;
    private sqlite3_stmt? _statement;
    private byte[] _text = new byte[256];

    // A row that is refused must be one by itself.
    public override int NextCount(int rows, Func<int, long> bytesOf) => 1;

    public override Task<int> ExecuteAsync(int count, Func<int, int, object?> value)
    {
        sqlite3_stmt statement = _statement ??= Prepare();
        try
        {
            for (int column = 0; column < Table.Columns.Count; column++)
                Check(Bind(statement, column + 1, value(0, column)));
            int result = raw.sqlite3_step(statement);
            if (result != raw.SQLITE_DONE)
                Check(result);
            return Task.FromResult(raw.sqlite3_changes(_database));
        }
        finally
        {
            // Reports the step's error again.
            _ = raw.sqlite3_reset(statement);
        }
    }

    public override void Dispose() => _statement?.Dispose();

    private sqlite3_stmt Prepare()
    {
        StringBuilder text = new();
        AppendTo(text, ColumnSet.All(Table.Columns.Count), 1);
        Check(raw.sqlite3_prepare_v3(_database, text.ToString(), raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement));
        return statement;
    }

    private int Bind(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        double number => raw.sqlite3_bind_double(statement, place, number),
        bool truth => raw.sqlite3_bind_int64(statement, place, truth ? 1 : 0),
        string { Length: 0 } => raw.sqlite3_bind_text(statement, place, ""), // no bytes would be NULL
        string text => raw.sqlite3_bind_text(statement, place, Utf8(text)),
        DateTime time => raw.sqlite3_bind_text(statement, place, Utf8(time)),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => throw new ArgumentException($"A {value.GetType().Name} is no value of a column.", nameof(value)),
    };

    private ReadOnlySpan<byte> Utf8(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
        {
            if (most > MaxKept)
                return Encoding.UTF8.GetBytes(text);
            _text = new byte[most];
        }

        return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
    }

    private ReadOnlySpan<byte> Utf8(DateTime time)
    {
        time.TryFormat(_text, out int written, SqliteDialect.TimeFormat, CultureInfo.InvariantCulture);
        return _text.AsSpan(0, written);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}

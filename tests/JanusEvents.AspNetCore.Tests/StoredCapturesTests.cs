using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>
/// The bodies of every capture, through the endpoint into real databases, give the rows that their JSON says: which
/// rows is written a second time here, so that the library is not measured by itself. (The load capture goes through
/// the sample host, in the end-to-end tests.)
/// </summary>
public sealed class StoredCapturesTests(MariaDbFixture mariaDb) : IClassFixture<MariaDbFixture>
{
    private static readonly (string Table, string Columns)[] s_tables =
    [
        ("sessions", "session, event, timestamp"),
        ("handles", "session, handle, event, plugin, timestamp"),
        ("core", "name, value, timestamp"),
        ("sdps", "session, handle, remote, offer, sdp, timestamp"),
        ("ice", "session, handle, stream, component, state, timestamp"),
        ("selectedpairs", "session, handle, stream, component, selected, timestamp"),
        ("dtls", "session, handle, stream, component, state, timestamp"),
        ("connections", "session, handle, state, timestamp"),
        ("media", "session, handle, medium, receiving, timestamp"),
        ("stats", "session, handle, medium, base, lsr, lostlocal, lostremote, jitterlocal, jitterremote, packetssent, packetsrecv, bytessent, bytesrecv, nackssent, nacksrecv, timestamp"),
        ("plugins", "session, handle, plugin, event, timestamp"),
        ("transports", "session, handle, plugin, event, timestamp"),
    ];

    private static IEnumerable<string> CaptureNames => Captures.Names.Where(name => name != "12-load");

    [Fact]
    public async Task Every_capture_gives_its_rows_in_SQLite()
    {
        using TemporaryFolder folder = new();
        string connectionString = $"Data Source={folder["events.db"]};Pooling=False";
        await using EndpointHost host = await EndpointHost.StartAsync(configure: builder => builder.Services.AddJanusEvents().AddSqlite(connectionString));

        await SendAllAsync(host, async sql =>
        {
            await using SqliteConnection connection = new(connectionString);
            await connection.OpenAsync();
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            await using SqliteDataReader reader = await command.ExecuteReaderAsync();
            List<string?[]> rows = [];
            while (await reader.ReadAsync())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
            return rows;
        });
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Every_capture_gives_its_rows_in_MariaDB()
    {
        MariaDbDatabase database = await mariaDb.CreateDatabaseAsync();
        await using EndpointHost host = await EndpointHost.StartAsync(configure: builder => builder.Services.AddJanusEvents().AddMySql(database.ConnectionString));

        await SendAllAsync(host, database.QueryAsync);
    }

    private static async Task SendAllAsync(EndpointHost host, Func<string, Task<IReadOnlyList<string?[]>>> query)
    {
        Dictionary<string, List<string>> expected = s_tables.ToDictionary(table => table.Table, _ => new List<string>());
        foreach (string capture in CaptureNames)
        {
            foreach (CapturedBody body in Captures.Bodies(capture))
            {
                using HttpResponseMessage answer = await host.PostAsync(body.Bytes, body.IsGzip ? "gzip" : null, "application/json");
                answer.StatusCode.Should().Be(HttpStatusCode.OK, body.ToString());
                foreach ((string table, string row) in Rows(body.Json))
                    expected[table].Add(row);
            }
        }

        foreach ((string table, string columns) in s_tables)
        {
            IReadOnlyList<string?[]> rows = await query($"select {columns} from {table} order by id");
            List<string> stored = [.. rows.Select(row => Row(row))];
            stored.Should().HaveCount(expected[table].Count, table);
            for (int i = 0; i < stored.Count; i++)
                stored[i].Should().Be(expected[table][i], $"of row {i} of {table}");
        }
    }

    private static IEnumerable<(string Table, string Row)> Rows(byte[] json)
    {
        using JsonDocument body = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });
        JsonElement[] events = body.RootElement.ValueKind == JsonValueKind.Array ? [.. body.RootElement.EnumerateArray()] : [body.RootElement];
        return [.. events.SelectMany(RowsOf)];
    }

    private static IEnumerable<(string Table, string Row)> RowsOf(JsonElement e)
    {
        JsonElement body = e.GetProperty("event");
        string? session = Text(e, "session_id");
        string? handle = Text(e, "handle_id");
        string time = DateTime.UnixEpoch.AddTicks(e.GetProperty("timestamp").GetInt64() * 10)
            .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        switch (e.GetProperty("type").GetInt32())
        {
            case 1:
                yield return ("sessions", Row(session, Text(body, "name"), time));
                break;
            case 2:
                yield return ("handles", Row(session, handle, Text(body, "name"), Text(body, "plugin"), time));
                break;
            case 8:
                JsonElement jsep = body.GetProperty("jsep");
                yield return ("sdps", Row(session, handle, Text(body, "owner") == "remote" ? "1" : "0", Text(jsep, "type") == "offer" ? "1" : "0", Text(jsep, "sdp"), time));
                break;
            case 16 when body.TryGetProperty("ice", out _):
                yield return ("ice", Row(session, handle, Text(body, "stream_id"), Text(body, "component_id"), Text(body, "ice"), time));
                break;
            case 16 when body.TryGetProperty("selected-pair", out _):
                yield return ("selectedpairs", Row(session, handle, Text(body, "stream_id"), Text(body, "component_id"), Text(body, "selected-pair"), time));
                break;
            case 16 when body.TryGetProperty("dtls", out _):
                yield return ("dtls", Row(session, handle, Text(body, "stream_id"), Text(body, "component_id"), Text(body, "dtls"), time));
                break;
            case 16 when body.TryGetProperty("connection", out _):
                yield return ("connections", Row(session, handle, Text(body, "connection"), time));
                break;
            case 32 when body.ValueKind == JsonValueKind.Array:
                foreach (JsonElement part in body.EnumerateArray())
                    yield return ("stats", Stats(part));
                break;
            case 32 when body.TryGetProperty("receiving", out JsonElement receiving):
                yield return ("media", Row(session, handle, Text(body, "media"), receiving.GetBoolean() ? "1" : "0", time));
                break;
            case 32 when e.GetProperty("subtype").GetInt32() == 3:
                yield return ("stats", Stats(body));
                break;
            case 64:
                yield return ("plugins", Row(session, handle, Text(body, "plugin"), Compact(body.GetProperty("data")), time));
                break;
            case 128:
                yield return ("transports", Row(session, handle, Text(body, "transport"), Compact(body.GetProperty("data")), time));
                break;
            case 256:
                yield return ("core", Row("status", Text(body, "status"), time));
                break;
        }

        string Stats(JsonElement stats) => Row(
            session, handle, Text(stats, "media"), Text(stats, "base"), Text(stats, "lsr"), Text(stats, "lost"), Text(stats, "lost-by-remote"),
            Text(stats, "jitter-local"), Text(stats, "jitter-remote"), Text(stats, "packets-sent"), Text(stats, "packets-received"),
            Text(stats, "bytes-sent"), Text(stats, "bytes-received"), Text(stats, "nacks-sent"), Text(stats, "nacks-received"), time);
    }

    private static string Row(params string?[] values) => string.Join(" | ", values.Select(value => value ?? "(null)"));

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) ? value.ToString() : null;

    /// <summary>The text as it was sent, without the white space between its tokens.</summary>
    private static string Compact(JsonElement element)
    {
        StringBuilder compact = new();
        bool inText = false;
        bool escaped = false;
        foreach (char c in element.GetRawText())
        {
            if (inText || !char.IsWhiteSpace(c))
                compact.Append(c);
            if (c == '"' && !escaped)
                inText = !inText;
            escaped = c == '\\' && !escaped;
        }

        return compact.ToString();
    }
}

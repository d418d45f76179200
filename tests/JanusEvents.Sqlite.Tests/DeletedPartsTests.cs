using System.Text;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Sqlite.Tests;

/// <summary>Combined statistics of which somebody deleted rows.</summary>
public sealed class DeletedPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Parts_of_two_events_are_not_joined_where_the_rows_between_them_are_gone()
    {
        string path = _folder["janusevents.db"];
        await using DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSqlite($"Data Source={path};Pooling=False"));
        (await host.DeliverAsync(Body(Combined(1), Combined(2)))).Should().BeTrue();
        (await JsonAsync(host)).Distinct().Should().HaveCount(2);

        // The second part of the first event, and the first one of the second.
        await using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using SqliteCommand delete = connection.CreateCommand();
            delete.CommandText = "DELETE FROM stats WHERE id IN (SELECT id FROM stats ORDER BY id LIMIT 2 OFFSET 1)";
            (await delete.ExecuteNonQueryAsync()).Should().Be(2);
        }

        string[] left = await JsonAsync(host);
        left.Should().HaveCount(2);
        left.Distinct().Should().HaveCount(2, "they are of two events");
        left[0].Should().Contain("\"packets-sent\":1").And.NotContain("\"packets-sent\":4");
        left[1].Should().Contain("\"packets-sent\":4").And.NotContain("\"packets-sent\":1");
    }

    public void Dispose() => _folder.Dispose();

    private static string Combined(int number)
    {
        string parts = string.Join(',', Enumerable.Range(0, 2).Select(part =>
            $$"""{"media":"{{(part == 0 ? "audio" : "video")}}","mid":"{{part}}","mindex":{{part}},"base":90000,"packets-sent":{{(2 * number) - 1 + part}}}"""));
        return $$"""{"emitter":"a-janus","type":32,"subtype":3,"timestamp":{{1_795_323_726_312_012 + number}},"session_id":1,"handle_id":2,"event":[{{parts}}]}""";
    }

    private static ReceivedBody Body(params string[] events)
    {
        byte[] json = Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]");
        return new ReceivedBody(json, new JanusEventParser().Parse(json), DateTimeOffset.UtcNow, "192.0.2.1");
    }

    private static async Task<string[]> JsonAsync(DeliveryHost host)
    {
        List<string> json = [];
        await foreach (JanusEvent e in host.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery()))
            json.Add(e.Json.ToCompactString());
        return [.. json];
    }
}

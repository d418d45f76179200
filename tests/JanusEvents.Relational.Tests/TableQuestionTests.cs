using System.Text.RegularExpressions;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Pages;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>The SQL of <c>docs/tables.md</c>, as it stands there, has answers.</summary>
public abstract partial class TableQuestionTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task Each_question_has_an_answer()
    {
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture("03-videoroom").ToList();
        await host.WriteAllAsync(bodies, perBatch: 100);
        var handle = bodies.SelectMany(b => b.Events).OfType<SelectedPairEvent>().First();
        await host.WriteAsync(Bodies.OfText(
            $"[{Bodies.Event(32, Bodies.OfHandle(1) + ",\"subtype\":2", "\"media\":\"audio\",\"slow_link\":\"uplink\",\"lost_lastsec\":9")}," +
            $"{Bodies.Event(4, "\"subtype\":0", "\"schema\":\"mine\",\"data\":{\"a\":1}")},{Bodies.Event(512, "\"subtype\":0", "\"new\":1")},5]"));

        await host.AddAsync(
            MonitoringRecords.FullRecord() with { Session = handle.SessionId!.Value, Handle = handle.HandleId!.Value },
            MonitoringRecords.Record(1) with { Outcome = "failed" });
        await host.SaveAsync(
            MonitoringRecords.Trouble("a", 1),
            MonitoringRecords.Trouble("b", 2, 3) with { Subject = new TroubleSubject { Session = handle.SessionId, Handle = handle.HandleId, Room = "1234" } });

        foreach (Match question in Fence().Matches(await File.ReadAllTextAsync(TablePage.File)))
        {
            var sql = question.Groups["sql"].Value
                .Replace("@session", $"{handle.SessionId}", StringComparison.Ordinal)
                .Replace("@handle", $"{handle.HandleId}", StringComparison.Ordinal)
                .Replace("@from", "'2020-01-01 00:00:00'", StringComparison.Ordinal);
            (await Store.QueryAsync(sql)).Should().NotBeEmpty(question.Groups["name"].Value);
        }
    }

    [GeneratedRegex("^```sql (?<name>\\S+)\n(?<sql>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}

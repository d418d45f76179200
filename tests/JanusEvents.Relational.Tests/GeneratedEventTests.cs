using System.Text;
using System.Text.Json;
using JanusEvents.Relational.Tests.Generated;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Receiving;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>
/// Whatever is posted is read back equal, as JSON with the exact text of its numbers, or is in <c>rejected</c> byte for
/// byte: with generated events, of which a failing test names the smallest.
/// </summary>
public abstract class GeneratedEventTests(TestStores stores) : StoreTests(stores)
{
    private const string Tables =
        "sessions handles core sdps ice selectedpairs dtls connections media stats plugins transports candidates slowlinks external unknown";

    private static readonly JanusEventParser s_parser = new();
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 10_000 };

    [Fact]
    public async Task Generated_events_are_read_back_equal_and_what_is_none_is_rejected()
    {
        await using var host = await ReceivingHost.StartAsync(Store.AddTo);

        var failure = await GeneratedRun.FailureAsync(body => DifferenceAsync(host, body));

        failure.Should().BeNull();
        host.Log.From(LogLevel.Error).Should().BeEmpty();
    }

    /// <summary>Posts a body to the empty database, reads it back, and empties the database again.</summary>
    private async Task<string?> DifferenceAsync(ReceivingHost host, GeneratedBody body)
    {
        var (bytes, elements) = body.Write();
        var status = await host.PostAsync(bytes);

        var read = await host.ReadAsync(new EventQuery());
        var rejected = await ColumnAsync(
            $"SELECT {Store.Hex("bytes")} FROM rejected ORDER BY id; DELETE FROM rejected; DELETE FROM hashes; "
            + string.Concat(Tables.Split(' ').Select(table => $"DELETE FROM {table};")));

        return Compare(elements, read, [.. rejected.Select(hex => Encoding.UTF8.GetString(Convert.FromHexString(hex!)))])
            ?? (status == (read.Count > 0 || elements.Count == 0 ? 200 : 400) ? null : $"The answer was {status}.");
    }

    /// <summary>Goes through what was sent: each element must be the next event, or the next that was rejected.</summary>
    private static string? Compare(IReadOnlyList<string> sent, List<JanusEvent> read, List<string> rejected)
    {
        int nextRead = 0, nextRejected = 0;
        for (var i = 0; i < sent.Count; i++)
        {
            if (nextRejected < rejected.Count && rejected[nextRejected].TrimEnd() == sent[i])
            {
                nextRejected++;
                if (IsSurelyAnEvent(sent[i]))
                    return $"Element {i} was rejected.";
                continue;
            }

            if (nextRead == read.Count)
                return $"Element {i} is gone.";

            var bytes = Encoding.UTF8.GetBytes(sent[i]);
            var expected = s_parser.Parse(bytes).Events;
            var found = read.Skip(nextRead).Take(Math.Max(1, expected.Count)).ToList();
            nextRead += found.Count;
            var canonical = ExactJson.Canonical(bytes);
            if (found.Find(e => ExactJson.Canonical(e.Json.Utf8) != canonical) is { } other)
                return $"Element {i} was read back as {other.Json}";
            if (!found.Select(Kind).SequenceEqual(expected.Select(Kind)))
                return $"Element {i} was read back as {string.Join(", ", found.Select(Kind))} instead of {string.Join(", ", expected.Select(Kind))}.";
        }

        return (nextRead < read.Count, nextRejected < rejected.Count) switch
        {
            (true, _) => $"This was read back besides: {read[nextRead].Json}",
            (_, true) => $"This was rejected besides: {rejected[nextRejected]}",
            _ => null,
        };
    }

    private static (string Kind, int? Part) Kind(JanusEvent e) => (e.GetType().Name, (e as MediaStatsEvent)?.Part);

    /// <summary>Whether no reading of JSON can take it for anything else: an object with one type, an integer of 32 bits.</summary>
    private static bool IsSurelyAnEvent(string element)
    {
        if (!element.StartsWith('{') || element.Count(c => c is '{' or '[') > 4_000)
            return false;

        try
        {
            using var json = JsonDocument.Parse(element, s_deep);
            var types = json.RootElement.EnumerateObject().Where(p => p.Name == "type").ToList();
            return types is [{ Value: { ValueKind: JsonValueKind.Number } type }] && type.TryGetInt32(out _) && type.GetRawText() != "-0";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

}
